import { act, renderHook } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import {
  GatheredRun,
  type RunRequest,
  type RunState,
} from "#app/(console)/connections/[id]/sql/gathered-run.ts";
import type { RunHandle } from "#app/(console)/connections/[id]/sql/use-run.ts";
import { type ScriptAsk, useScript } from "#app/(console)/connections/[id]/sql/use-script.ts";
import type { TransactionState } from "#lib/session/held.ts";
import type { Piece } from "#lib/sql/run-target.ts";

/** A server that answers when the test says so: what was sent, and how it ended. */
function open() {
  const sent: RunRequest[] = [];
  let live: GatheredRun | undefined;
  let show: (state: RunState) => void = () => undefined;
  const hook = renderHook(() => {
    const [state, setState] = useState<RunState>(() =>
      new GatheredRun({ sql: "", readOnly: true, rowCap: 0 }, false).state(),
    );
    show = setState;
    const run = (request: RunRequest) => {
      sent.push(request);
      live = new GatheredRun(request, false);
      setState(live.state());
    };
    return useScript({ state, run, cancel: () => undefined } as unknown as RunHandle);
  });
  const tell = (message: object) =>
    act(async () => {
      live?.take(JSON.stringify(message));
      show(live?.state() as RunState);
    });
  const close = () =>
    act(async () => {
      live?.close(undefined);
      show(live?.state() as RunState);
    });
  const finish = async (message: object) => {
    await tell(message);
    await close();
  };
  return {
    sent,
    tell,
    close,
    script: () => hook.result.current.script,
    start: (ask: Partial<ScriptAsk>) => act(async () => hook.result.current.start({ ...usual, ...ask })),
    again: (index: number) => act(async () => hook.result.current.again(index)),
    done: (tag: string, transaction: TransactionState = "none") =>
      finish({ type: "done", tag, capped: null, transaction }),
    fail: (transaction: TransactionState = "none") =>
      finish({ type: "error", error: null, stopped: null, transaction }),
  };
}

const piece = (sql: string, asks: readonly number[] = []): Piece => ({
  does: "run",
  sql,
  offset: 0,
  begins: sql,
  asks,
  values: [],
});
const says = (stops: boolean): Piece =>
  ({ does: "say", says: "expanded", begins: "\\x", stops }) as unknown as Piece;
const usual: ScriptAsk = {
  pieces: [piece("a"), piece("b"), piece("c")],
  text: "a; b; c",
  whole: false,
  readOnly: false,
  rowCap: 10,
  given: (parameter) => `value ${parameter}`,
};

test("statements run one after another, each when the one before it has come to its end", async () => {
  const { sent, start, done, script } = open();
  await start({});
  expect(sent.map(({ sql }) => sql)).toEqual(["a"]);
  await done("A");
  expect(sent.map(({ sql }) => sql)).toEqual(["a", "b"]);
  expect(script()).toMatchObject({ phase: "running", at: 1 });
  await done("B");
  await done("C");
  expect(script()).toMatchObject({ phase: "ended", at: 2, stopped: false, outcome: undefined });
  expect(script()?.items.map(({ state }) => state?.end)).toMatchObject([
    { tag: "A" },
    { tag: "B" },
    { tag: "C" },
  ]);
});

test("it stops at the first that fails: what follows was not run", async () => {
  const { sent, start, done, fail, script } = open();
  await start({});
  await done("A");
  await fail();
  expect(sent).toHaveLength(2);
  expect(script()).toMatchObject({ phase: "ended", at: 1, stopped: true });
  expect(script()?.items[2]?.state).toBeUndefined();
});

test("a second start while it runs is not heard", async () => {
  const { sent, start } = open();
  await start({});
  await start({ pieces: [piece("other")] });
  expect(sent.map(({ sql }) => sql)).toEqual(["a"]);
});

test("values go by number, those between too, and only as many as a statement asks for", async () => {
  const { sent, start, done } = open();
  await start({ pieces: [piece("a", [1, 3]), piece("b")] });
  await done("A");
  expect(sent.map(({ values }) => values)).toEqual([["value 1", "value 2", "value 3"], []]);
});

test("what the console answers itself is not sent, and stops the rest where it says so", async () => {
  const one = open();
  await one.start({ pieces: [says(false), piece("b")] });
  expect(one.sent.map(({ sql }) => sql)).toEqual(["b"]);
  const two = open();
  await two.start({ pieces: [says(true), piece("b")] });
  expect(two.sent).toEqual([]);
  expect(two.script()).toMatchObject({ phase: "ended", stopped: true, at: 0 });
});

test("one of them is run once more, alone", async () => {
  const { sent, start, done, fail, again } = open();
  await start({});
  await done("A");
  await fail();
  await again(1);
  expect(sent.map(({ sql }) => sql)).toEqual(["a", "b", "b"]);
  await done("B");
  expect(sent).toHaveLength(3);
});

test("only a statement by itself waits at its limit, and what comes of it then is shown", async () => {
  const { sent, start, tell, close, done, script } = open();
  await start({});
  await done("A");
  await done("B");
  await done("C");
  expect(sent.map(({ waits }) => waits)).toEqual([false, false, false]);
  await start({ pieces: [piece("one")] });
  expect(sent[3]?.waits).toBe(true);
  const end = { type: "done", tag: null, capped: "rows", rows: 10, transaction: "none" };
  await tell({ type: "paused", done: end, forMs: 60_000 });
  expect(script()).toMatchObject({ phase: "ended", stopped: false });
  expect(script()?.items[0]?.state).toMatchObject({ phase: "ended", waitsMs: 60_000 });
  await tell({ ...end, waited: "time" });
  await close();
  expect(script()?.items[0]?.state).toMatchObject({ waitsMs: undefined, end: { waited: "time" } });
});

const whole = { whole: true, pieces: [piece("a"), piece("b")] };

test("all in one transaction: begin, each, commit", async () => {
  const { sent, start, done, script } = open();
  await start(whole);
  await done("BEGIN", "open");
  await done("A", "open");
  await done("B", "open");
  expect(sent.map(({ sql }) => sql)).toEqual(["begin", "a", "b", "commit"]);
  await done("COMMIT");
  expect(script()).toMatchObject({ phase: "ended", stopped: false, outcome: "committed" });
});

test("one that fails takes all with it, and that is said once the rollback is done", async () => {
  const { sent, start, done, fail, script } = open();
  await start(whole);
  await done("BEGIN", "open");
  await fail("failed");
  expect(sent.at(-1)?.sql).toBe("rollback");
  expect(script()).toMatchObject({ phase: "running", stopped: true, outcome: undefined });
  await done("ROLLBACK");
  expect(script()).toMatchObject({ phase: "ended", stopped: true, outcome: "undone" });
});

test("a session that is gone has undone it: nothing more is sent", async () => {
  const { sent, start, done, fail, script } = open();
  await start(whole);
  await done("BEGIN", "open");
  await fail("none");
  expect(sent.map(({ sql }) => sql)).toEqual(["begin", "a"]);
  expect(script()).toMatchObject({ stopped: true, outcome: "undone" });
});

test.each([
  ["a COMMIT that says ROLLBACK", "done"],
  ["a COMMIT that fails", "fail"],
] as const)("%s is not called committed", async (_, how) => {
  const { start, done, fail, script } = open();
  await start(whole);
  await done("BEGIN", "open");
  await done("A", "open");
  await done("B", "open");
  if (how === "done") await done("ROLLBACK");
  else await fail();
  expect(script()?.outcome).toBe("commit-failed");
});

test("a statement that ends the transaction itself ends the script, whatever follows", async () => {
  const { sent, start, done, script } = open();
  await start(whole);
  await done("BEGIN", "open");
  await done("COMMIT", "none");
  expect(sent).toHaveLength(2);
  expect(script()).toMatchObject({ phase: "ended", stopped: true, outcome: "ended-itself" });
});

test("where BEGIN fails, nothing is run and its error is shown", async () => {
  const { sent, start, fail, script } = open();
  await start(whole);
  await fail();
  expect(sent).toHaveLength(1);
  expect(script()).toMatchObject({ phase: "ended", stopped: true, control: { end: { type: "error" } } });
});
