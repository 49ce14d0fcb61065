import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Place,
  readPlace,
  readView,
  type TableView,
  tableParts,
  wholeTable,
  writePlace,
  writeView,
} from "#app/(console)/connections/[id]/place.ts";

/** What a browser makes of a path before anybody reads it. */
const inBrowser = (path: string) => new URL(path, "http://console.test").pathname;

const name = fc.oneof(
  fc.constantFrom(".", "..", "~", "~..", "a/b", "%2F", "Ünï cödé", "表", 'q"uo#te?', "\\"),
  fc.string({ minLength: 1, unit: "grapheme" }),
);

describe("a place in the connected view", () => {
  test("is read as it was written, whatever the names", () => {
    fc.assert(
      fc.property(name, name, fc.constantFrom(...tableParts), (schema, table, part) => {
        const place: Place = { kind: "table", schema, table, part };
        expect(readPlace("c 1", inBrowser(writePlace("c 1", place)))).toEqual(place);
      }),
    );
  });

  test.each([
    ["/connections/c", { kind: "sql", tab: "1" }],
    ["/connections/c/", { kind: "sql", tab: "1" }],
    ["/connections/c/sql/12", { kind: "sql", tab: "12" }],
    ["/connections/c/history", { kind: "notebook", part: "history" }],
    ["/connections/c/queries", { kind: "notebook", part: "queries" }],
    ["/connections/c/q/0123456789abcdefABCDEF", { kind: "query", id: "0123456789abcdefABCDEF" }],
    ["/connections/c/t/public/item/keys", { kind: "table", schema: "public", table: "item", part: "keys" }],
  ])("%s", (path, place) => {
    expect(readPlace("c", path)).toEqual(place);
  });

  test.each<Place>([
    { kind: "notebook", part: "queries" },
    { kind: "query", id: "0123456789abcdefABCDEF" },
  ])("%o is read as it was written", (place) => {
    expect(readPlace("c", writePlace("c", place))).toEqual(place);
  });

  test.each([
    "/connections",
    "/connections/cc",
    "/connections/c/edit",
    "/connections/c/sql",
    "/connections/c/sql/x",
    "/connections/c/sql/1/2",
    "/connections/c/history/1",
    "/connections/c/q",
    "/connections/c/q/short",
    "/connections/c/q/0123456789abcdefABCDEF/x",
    "/connections/c/t/public",
    "/connections/c/t/public/item/nothing",
    "/connections/c/t/public/item/keys/more",
    "/connections/c/t/%E0%A4%A/item",
    "/settings",
  ])("%s is none", (path) => {
    expect(readPlace("c", path)).toBeUndefined();
  });
});

describe("which rows", () => {
  const text = fc.string({ unit: "grapheme" });
  const view: fc.Arbitrary<TableView> = fc.record({
    filters: fc.array(
      fc.oneof(
        fc.record({
          column: text,
          operator: fc.constantFrom("=" as const, "in" as const, "<=" as const),
          value: text,
        }),
        fc.record({ column: text, operator: fc.constantFrom("null" as const, "not-null" as const) }),
      ),
      { maxLength: 3 },
    ),
    where: text,
    sort: fc.array(fc.record({ column: text, descending: fc.boolean() }), { maxLength: 3 }),
    row: fc.option(fc.array(text, { minLength: 1, maxLength: 3 }), { nil: undefined }),
  });

  test("is read as it was written, through a browser's address", () => {
    fc.assert(
      fc.property(view, (given) => {
        const url = new URL(`/connections/c/t/s/t${writeView(given)}`, "http://console.test");
        expect(readView(url.hash)).toEqual(given);
        expect(url.pathname + url.search).toBe("/connections/c/t/s/t");
      }),
    );
  });

  test.each([
    ["", wholeTable],
    ["#f=x&s=&row=%5B1%5D", wholeTable],
    ["#f=%E0%A4%A", wholeTable],
    [
      '#f=[["a","drop table"],["b","="],["c","null"]]',
      { ...wholeTable, filters: [{ column: "c", operator: "null" }] },
    ],
    ['#f=[["a","toString","x"]]', wholeTable],
    [
      '#s=[["a",1],[2,true],["b",true]]',
      {
        ...wholeTable,
        sort: [
          { column: "a", descending: false },
          { column: "b", descending: true },
        ],
      },
    ],
  ])("of what nobody could have written, only what makes sense: %s", (fragment, expected) => {
    expect(readView(fragment)).toEqual(expected);
  });
});
