import { expect, test } from "vitest";
import { foldUserName, readUserName } from "#lib/team/user-name.ts";

test.each([
  ["ann", "ann"],
  ["  Ann Lee ", "Ann Lee"],
  ["José", "José"],
  ["陳大文", "陳大文"],
])("reads %s", (typed, name) => expect(readUserName(typed)).toBe(name));

test.each([
  ["nothing", ""],
  ["blanks", "   "],
  ["a line break", "ann\nbob"],
  ["an invisible character", "ann\u200bbob"],
  ["a direction mark", "ann\u202ebob"],
  ["65 characters", "a".repeat(65)],
])("refuses %s", (_, typed) => expect(readUserName(typed)).toBeUndefined());

test("names that look the same are the same", () => {
  expect(foldUserName("ＡＮＮ")).toBe(foldUserName("ann"));
  expect(foldUserName("JOSE\u0301")).toBe(foldUserName("jos\u00e9"));
});
