import { expect, test } from "vitest";
import { splitStatements } from "#lib/sql/split-statements.ts";
import { statementAt } from "#lib/sql/statement-at.ts";

/** `|` is the caret. */
test.each([
  ["|select 1; select 2", "select 1"],
  ["select| 1; select 2", "select 1"],
  ["select 1|; select 2", "select 1"],
  ["select 1;| select 2", "select 1"],
  ["select 1; |select 2", "select 2"],
  ["select 1;\n\n|\nselect 2", "select 1"],
  ["select 1;\n-- of| two\nselect 2", "-- of two\nselect 2"],
  ["  |  select 1", "select 1"],
  ["select 1;\n\n|", "select 1"],
  ["\\d| orders\nselect 2", "\\d orders"],
  ["-- nothing|", undefined],
])("%s", (marked, meant) => {
  const caret = marked.indexOf("|");
  const text = marked.replace("|", "");
  const span = statementAt(splitStatements(text), caret);
  expect(span && text.slice(span.from, span.end)).toBe(meant);
});
