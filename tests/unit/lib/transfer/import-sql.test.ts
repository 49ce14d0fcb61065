import { describe, expect, test } from "vitest";
import { copyFrom, placeIn } from "#lib/transfer/import-sql.ts";

describe("where in a file an error lies", () => {
  test.each([
    ['COPY t_7, line 3, column a: "x"', { line: 3, column: "a" }],
    ["COPY t_7, ligne 12, colonne a b : « a »", { line: 12, column: "a b" }],
    ['COPY t_7，第 5 行，列 漢字："9"', { line: 5, column: "漢字" }],
    ['COPY t_7, line 4: "1,a"', { line: 4 }],
    ['PL/pgSQL function f() line 9 at RAISE\nCOPY t_7, line 2, column ab: "a"', { line: 2, column: "ab" }],
    ["", {}],
  ])("%s", (context, place) => {
    const columns = ["a", "ab", "a b", "漢字"];
    const found = placeIn(context, "t_7", columns);
    expect({
      line: found.line,
      ...(found.column !== undefined && "column" in place ? { column: found.column } : {}),
    }).toEqual({
      line: undefined,
      ...place,
    });
  });
});

test("names are quoted and every text is a literal", () => {
  const text = copyFrom(
    {
      schema: 'a"b',
      table: "t",
      columns: ["x\") from program 'y' --"],
      emptyIsNull: [],
      emptyIsText: ["n"],
      header: true,
      delimiter: "\t",
      quote: "'",
      nullText: "\\'; drop",
      encoding: "UTF8",
      bytes: 0,
      trial: false,
    },
    false,
  );
  expect(text).toBe(
    `copy "a""b"."t" ("x"") from program 'y' --") from stdin with (format csv, header true, delimiter '\t', quote '''', null E'\\\\''; drop', encoding 'UTF8', force_not_null ("n"))`,
  );
});
