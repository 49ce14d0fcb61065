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
