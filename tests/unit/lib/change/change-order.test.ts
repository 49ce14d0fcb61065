import { expect, test } from "vitest";
import { changeOrder } from "#lib/change/change-order.ts";
import type { RowChange } from "#lib/change/shapes.ts";

const row = (...key: string[]) => ({ key, place: null, version: "1" });
const update = (key: string[], cells: Readonly<Record<string, string>>): RowChange => ({
  kind: "update",
  row: row(...key),
  cells: Object.entries(cells).map(([column, value]) => ({ column, value })),
});
const remove = (...key: string[]): RowChange => ({ kind: "delete", row: row(...key) });
const insert: RowChange = { kind: "insert", cells: [] };

test.each<[string, readonly string[] | null, readonly RowChange[], readonly number[]]>([
  ["deletes, updates, inserts", ["id"], [insert, update(["1"], { v: "x" }), remove("2")], [2, 1, 0]],
  [
    "whoever leaves a key before whoever takes it",
    ["id"],
    [update(["1"], { id: "2" }), update(["2"], { id: "3" }), update(["3"], { id: "4" })],
    [2, 1, 0],
  ],
  [
    "a part of the key is a key",
    ["a", "b"],
    [update(["1", "x"], { b: "y" }), update(["1", "y"], { a: "2" }), update(["9", "z"], { v: "1" })],
    [1, 0, 2],
  ],
  [
    "what takes no key stays where it is",
    ["id"],
    [update(["1"], { v: "x" }), update(["2"], { id: "1" }), update(["3"], { v: "y" })],
    [0, 1, 2],
  ],
  ["a ring goes round once", ["id"], [update(["1"], { id: "2" }), update(["2"], { id: "1" })], [1, 0]],
  ["a key that stays its own", ["id"], [update(["1"], { id: "1" })], [0]],
])("%s", (_, key, changes, order) => {
  expect(changeOrder({ key, changes })).toEqual(order);
});
