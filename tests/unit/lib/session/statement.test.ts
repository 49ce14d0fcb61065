import { expect, test } from "vitest";
import { arrayText, statement } from "#lib/session/statement.ts";

test.each([
  [[], "{}"],
  [["a", "b c"], '{"a","b c"}'],
  [[null, "NULL", ""], '{NULL,"NULL",""}'],
  [['say "hi"', "back\\slash", "{x},y"], '{"say \\"hi\\"","back\\\\slash","{x},y"}'],
  [[1, -2.5], '{"1","-2.5"}'],
] as const)("an array %j is written %s", (values, text) => {
  expect(arrayText(values)).toBe(text);
});

test("a statement holds its values as text, and NULL", () => {
  expect(statement("select $1, $2, $3", 5, null, "x")).toEqual({
    text: "select $1, $2, $3",
    values: ["5", null, "x"],
  });
});
