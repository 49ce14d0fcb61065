import { expect, test } from "vitest";
import { likelyColumns } from "#app/(console)/connections/[id]/transfers/chosen-file.ts";

const record = (...names: readonly string[]) => ({
  line: 1,
  values: names.map((text) => ({ text, quoted: false })),
});

test("a column of a file goes where its name says; what the server makes is left out, what nobody knows is asked", () => {
  const of = (header: boolean, ...names: readonly string[]) =>
    likelyColumns(record(...names), header, ["id", "Total", "sum"], ["twice", "Sum"]);
  expect(of(true, "id", " TOTAL ", "twice", "other")).toEqual(["id", "Total", null, ""]);
  // Of two that differ by their case, a name means the one that is written so.
  expect(of(true, "sum", "Sum")).toEqual(["sum", null]);
  expect(of(false, "1", "2", "3", "4")).toEqual(["id", "Total", "sum", ""]);
});
