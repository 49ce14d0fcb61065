import { expect, test } from "vitest";
import { type RowTest, runTests, type TestEnd } from "#app/(console)/connections/list/run-tests.ts";

const passed = { state: "passed", ms: 1 } as const;

/** A run whose tests end when they are told to. */
function started(ids: readonly string[], wait: (ms: number) => Promise<void> = async () => undefined) {
  const told: [string, string][] = [];
  const last = new Map<string, RowTest>();
  const pauses: number[] = [];
  const open = new Map<string, (end: TestEnd) => void>();
  const control = new AbortController();
  const done = runTests({
    ids,
    test: (id) => new Promise((resolve) => open.set(id, resolve)),
    tell: (id, test) => {
      told.push([id, test.state]);
      last.set(id, test);
    },
    tellPause: (seconds) => pauses.push(seconds),
    signal: control.signal,
    wait,
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    last,
    pauses,
    told,
    done,
    stop: () => control.abort(),
    running: async () => {
      await turn();
      return [...open.keys()].join("");
    },
    end: async (id: string, end: TestEnd) => {
      await turn();
      const finish = open.get(id);
      open.delete(id);
      finish?.(end);
      await turn();
    },
  };
}

const states = (last: ReadonlyMap<string, RowTest>) =>
  Object.fromEntries([...last].map(([id, test]) => [id, test.state]));

test("four run at once, the next as one ends, and all of them end", async () => {
  const run = started([..."abcdef"]);
  expect(await run.running()).toBe("abcd");
  expect(states(run.last)).toMatchObject({ a: "running", e: "queued", f: "queued" });
  await run.end("b", { state: "failed", code: "net-refused", title: "Refused" });
  expect(await run.running()).toBe("acde");
  for (const id of "acdef") await run.end(id, passed);
  await run.done;
  expect(run.last.get("b")).toEqual({ state: "failed", code: "net-refused", title: "Refused" });
  expect(states(run.last)).toEqual({
    a: "passed",
    b: "failed",
    c: "passed",
    d: "passed",
    e: "passed",
    f: "passed",
  });
});

test("a cancel begins nothing more, and says of the rest that it was not tested", async () => {
  const run = started([..."abcdef"]);
  await run.running();
  run.stop();
  for (const id of "abcd") await run.end(id, { state: "stopped" });
  await run.done;
  expect(new Set(Object.values(states(run.last)))).toEqual(new Set(["stopped"]));
  expect(run.last.size).toBe(6);
});

test("what the server limits waits its seconds, a minute at most, and is tried again at the end", async () => {
  const waits: number[] = [];
  const run = started([..."ab"], async (ms) => {
    waits.push(ms);
  });
  await run.end("a", { state: "limited", seconds: 7, title: "Too many" });
  expect(run.told.filter(([id]) => id === "a").map(([, state]) => state)).toEqual([
    "queued",
    "running",
    "queued",
    "running",
  ]);
  await run.end("a", { state: "limited", seconds: 900, title: "Too many" });
  await run.end("b", passed);
  await run.end("a", passed);
  await run.done;
  expect(waits).toEqual([7_000, 60_000]);
  expect(run.pauses).toEqual([7, 0, 60, 0]);
  expect(states(run.last)).toEqual({ a: "passed", b: "passed" });
});

test("one that is limited again and again has failed with that", async () => {
  const run = started(["a"]);
  for (let round = 0; round < 4; round += 1)
    await run.end("a", { state: "limited", seconds: 1, title: "Too many" });
  await run.done;
  expect(run.last.get("a")).toEqual({ state: "failed", code: "too-many-attempts", title: "Too many" });
});
