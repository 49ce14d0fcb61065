import { expect, test } from "vitest";
import { runMessages } from "#app/_server/run-messages.ts";
import { GatheredRun } from "#app/(console)/connections/[id]/sql/gathered-run.ts";
import { readLines } from "#app/(console)/connections/[id]/sql/read-lines.ts";
import type { RunEvent } from "#lib/session/run-events.ts";

test("what the server writes is what the page gathers, rows uncounted by parsing them", async () => {
  const running = { signal: new AbortController().signal, stop: () => undefined, done: () => undefined };
  const odd = [
    ['],"rows":[["1"', null],
    ['{"type":"rows","count":9,"cut":[],"rows":', "\u2028\ud83e\udd89\n"],
  ];
  async function* events(): AsyncGenerator<RunEvent, void, void> {
    yield { type: "started", readOnly: true, opened: null };
    yield { type: "rows", rows: odd, cut: [] };
    yield { type: "rows", rows: [["a", "b"]], cut: [{ row: 0, column: 1, length: 2_000_000 }] };
    yield { type: "rows", rows: [["c", "d"]], cut: [] };
  }
  const gathered = new GatheredRun({ sql: "", readOnly: true, rowCap: 10 }, false);
  const told: (string | undefined)[] = [];
  const stream = runMessages(events(), running, () => ({}) as never);
  await readLines(stream, (line) => told.push(gathered.take(line)?.type));
  const { rows, rowCount, cut } = gathered.state();
  expect(told).toEqual(["started", undefined, undefined, undefined]);
  expect(Array.from({ length: rowCount }, (_, row) => rows.at(row))).toEqual([
    ...odd,
    ["a", "b"],
    ["c", "d"],
  ]);
  expect([...cut]).toEqual([["2:1", 2_000_000]]);
});
