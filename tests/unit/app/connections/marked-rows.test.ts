import { expect, test } from "vitest";
import { type HeldRow, markedRows } from "#app/(console)/connections/[id]/table/marked-rows.ts";

const held = (key: string | null, ctid: string, version: string): HeldRow => ({
  values: [key, version],
  identity: { key: key === null ? null : [key], place: { tableoid: "16400", ctid }, version },
  mark: undefined,
  cut: undefined,
});
const marks = (before: readonly HeldRow[], now: readonly HeldRow[]) =>
  markedRows(before, now).map(({ mark }) => mark);

test("a row that was changed is the same row, though it lies in another place", () => {
  expect(marks([held("1", "(0,1)", "7")], [held("1", "(0,9)", "8")])).toEqual(["changed"]);
});

test("without a key another place is another row", () => {
  expect(marks([held(null, "(0,1)", "7")], [held(null, "(0,9)", "8")])).toEqual(["gone", "new"]);
});
