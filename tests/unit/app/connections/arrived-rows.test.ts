import { expect, test, vi } from "vitest";
import { ArrivedRows } from "#app/(console)/connections/[id]/sql/arrived-rows.ts";

const batch = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => [
    String(first + index),
    index % 3 === 0 ? null : `"${index}"\n`,
  ]);

test("every row is as it came, whatever the sizes of batches and the order in which rows are looked at", () => {
  const rows = new ArrivedRows();
  const expected: (string | null)[][] = [];
  for (const count of [64, 1, 500, 0, 7, 1500, 2, 500, 2500, 3]) {
    const given = batch(expected.length, count);
    expected.push(...given);
    rows.add(JSON.stringify(given), count);
  }
  expect(rows.length).toBe(expected.length);
  // There and back, through every batch.
  const order = Array.from({ length: 300 }, (_, step) => (step * 1009) % expected.length);
  order.push(...expected.keys());
  expect(order.map((at) => rows.at(at))).toEqual(order.map((at) => expected[at]));
  expect(rows.at(-1)).toBeUndefined();
  expect(rows.at(expected.length)).toBeUndefined();
  expect(new ArrivedRows().at(0)).toBeUndefined();
});

test("a batch is parsed when one of its rows is looked at, and those in sight only once", () => {
  const rows = new ArrivedRows();
  for (let first = 0; first < 100_000; first += 500) rows.add(JSON.stringify(batch(first, 500)), 500);
  const parse = vi.spyOn(JSON, "parse");
  const looked = [0, 1, 499, 500, 99_999, 0, 500, 99_999].map((row) => rows.at(row)?.[0]);
  const times = parse.mock.calls.length;
  parse.mockRestore();
  expect(looked).toEqual(["0", "1", "499", "500", "99999", "0", "500", "99999"]);
  expect(times).toBe(3);
});
