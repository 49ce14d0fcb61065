import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sendFile } from "#app/(console)/connections/[id]/transfers/send-file.ts";
import type { ImportStand } from "#lib/transfer/shapes.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const ask = { schema: "public", table: "item", columns: ["id"], header: false, trial: false };
const running: Partial<ImportStand> = { state: "running", bytes: 2 };

/** A console that answers each act in turn, and is not reached where there is nothing for it. */
async function sent(acts: readonly (Partial<ImportStand> | undefined)[]) {
  const left = [...acts];
  vi.stubGlobal("fetch", async (address: string, { method, body }: RequestInit) => {
    if (address.endsWith("/imports")) return Response.json({ id: "x" });
    if (method === "PUT") return Response.json(running);
    const act = JSON.parse(String(body)).act as string;
    const told = left.shift();
    if (told === undefined || act === "cancel") throw new TypeError("not reached");
    return Response.json(told);
  });
  const nothing = () => undefined;
  const ending = sendFile(
    "c",
    new File(["7\n"], "a.csv"),
    ask,
    new AbortController().signal,
    nothing,
    nothing,
  );
  await vi.runAllTimersAsync();
  return ending;
}

test("a console that does not answer for a moment while the server commits is asked again", async () => {
  expect(await sent([undefined, running, undefined, { state: "done" }])).toEqual({
    type: "ended",
    stand: { state: "done" },
  });
});

test("one that never answers again may have imported the file: it is not told that nothing was", async () => {
  expect(await sent([])).toEqual({ type: "untold" });
  expect(await sent([running])).toEqual({ type: "untold" });
});
