import { expect, test, vi } from "vitest";
import { runMessages } from "#app/_server/run-messages.ts";
import type { RunEvent } from "#lib/session/run-events.ts";

test("a stream that was closed takes no more, and ends what runs", async () => {
  const running = { signal: new AbortController().signal, stop: vi.fn(), done: vi.fn() };
  let goOn: () => void = () => undefined;
  let ended = false;
  async function* events(): AsyncGenerator<RunEvent, void, void> {
    try {
      yield { type: "started", readOnly: true, opened: null };
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      yield { type: "rows", rows: [["late"]], cut: [] };
    } finally {
      ended = true;
    }
  }
  const stream = runMessages(events(), running, () => ({}) as never);
  const reader = stream.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toContain("started");
  const surprises: unknown[] = [];
  const note = (reason: unknown) => surprises.push(reason);
  process.on("unhandledRejection", note);
  try {
    const cancelled = reader.cancel();
    goOn();
    await cancelled;
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off("unhandledRejection", note);
  }
  expect(surprises).toEqual([]);
  expect(running.stop).toHaveBeenCalled();
  expect(running.done).toHaveBeenCalledOnce();
  expect(ended).toBe(true);
});

test("what is there at once goes in one piece, what comes later by itself, rows in pieces of a size", async () => {
  const running = { signal: new AbortController().signal, stop: vi.fn(), done: vi.fn() };
  const row = ["x".repeat(1000)];
  const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
  async function* events(): AsyncGenerator<RunEvent, void, void> {
    yield { type: "started", readOnly: true, opened: null };
    yield { type: "columns", columns: [], ms: 1 };
    await turn();
    for (let batch = 0; batch < 10; batch += 1) yield { type: "rows", rows: Array(10).fill(row), cut: [] };
  }
  const pieces: string[] = [];
  const decoder = new TextDecoder();
  for await (const piece of runMessages(events(), running, () => ({}) as never))
    pieces.push(decoder.decode(piece));
  const types = pieces.map((piece) =>
    piece
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as RunEvent).type),
  );
  expect(types[0]).toEqual(["started", "columns"]);
  expect(types.slice(1)).toEqual(Array(5).fill(["rows", "rows"]));
  expect(running.done).toHaveBeenCalledOnce();
});

test("what went wrong comes after what was there before it", async () => {
  const running = { signal: new AbortController().signal, stop: vi.fn(), done: vi.fn() };
  async function* events(): AsyncGenerator<RunEvent, void, void> {
    yield { type: "started", readOnly: true, opened: null };
    throw new Error("the disk is gone");
  }
  let text = "";
  for await (const piece of runMessages(events(), running, async () => ({ title: "Oh" }) as never))
    text += new TextDecoder().decode(piece);
  expect(
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).type),
  ).toEqual(["started", "error"]);
  expect(running.done).toHaveBeenCalledOnce();
});
