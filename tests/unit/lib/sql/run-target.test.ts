import { describe, expect, test } from "vitest";
import { psqlCommand } from "#lib/sql/psql-command.ts";
import { runTarget, wholeScript } from "#lib/sql/run-target.ts";
import { usualRules } from "#lib/sql/tokens.ts";

/** `[` and `]` are the ends of what is selected; `|` is the caret. */
function target(marked: string) {
  const text = marked.replace(/[[\]|]/g, "");
  const caret = marked.indexOf("|");
  const from = caret === -1 ? marked.indexOf("[") : caret;
  const to = caret === -1 ? marked.indexOf("]") - 1 : caret;
  return runTarget(text, { from, to }, usualRules, psqlCommand).map((piece) => {
    if (piece.does === "run" && piece.offset >= 0) {
      expect(text.slice(piece.offset).startsWith(piece.sql)).toBe(true);
    }
    return piece.does === "run" ? piece.sql : piece.says;
  });
}

describe("what is run", () => {
  test.each<[string, readonly string[]]>([
    ["select 1; sel|ect 2; select 3", ["select 2"]],
    ["select 1; -- why\nsel|ect 2", ["-- why\nselect 2"]],
    ["[select 1]; select 2", ["select 1"]],
    ["select [1; select 2]; select 3", ["1", "select 2"]],
    ["delete from t[ where a = 1]", ["where a = 1"]],
    ["select '[a; b]'", ["a", "b"]],
    ["[ ]select 1", []],
    ["|", []],
    ["\\q|", ["quit"]],
  ])("of %j: %j", (marked, sent) => {
    expect(target(marked)).toEqual(sent);
  });

  test("all of it, in order, with the values that it asks for", () => {
    const script = "select $2, $1;\n\\timing\n\\d t\n-- the end\nselect 'x'";
    expect(wholeScript(script, usualRules, psqlCommand)).toMatchObject([
      { does: "run", sql: "select $2, $1", offset: 0, asks: [1, 2], values: [] },
      { does: "say", says: "always-timed", stops: false },
      { does: "run", offset: -1, begins: "\\d t", asks: [], values: ["t"] },
      { does: "run", sql: "-- the end\nselect 'x'", begins: "select 'x'", asks: [] },
    ]);
  });
});
