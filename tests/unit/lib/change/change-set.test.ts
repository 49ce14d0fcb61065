import { describe, expect, test } from "vitest";
import { changeSet, mostChanges } from "#lib/change/change-set.ts";
import { reviewSql } from "#lib/change/review-sql.ts";
import type { ChangeSet, RowChange } from "#lib/change/shapes.ts";

const row = { key: ["17"], place: null, version: "801" };
const set = (changes: readonly unknown[], more: object = {}) => ({
  schema: "public",
  table: "order",
  rev: 0,
  id: "AAAAAAAAAAAAAAAAAAAAAA",
  key: ["id"],
  changes,
  ...more,
});
const accepted = (given: unknown) => changeSet.safeParse(given).success;
const update = (value: unknown) => ({ kind: "update", row, cells: [{ column: "note", value }] });

describe("the door of changes", () => {
  test.each([
    ["a value", [update("x")]],
    ["an empty value", [update("")]],
    ["NULL", [update(null)]],
    ["DEFAULT", [update({ default: true })]],
    ["an empty row", [{ kind: "insert", cells: [] }]],
    ["two new rows that are alike", Array(2).fill({ kind: "insert", cells: [{ column: "a", value: "1" }] })],
    [
      "two rows of a view that differ in what their key does not have",
      ["1", "2"].map((version) => ({ kind: "delete", row: { ...row, version } })),
    ],
  ])("takes %s", (_, changes) => {
    expect(accepted(set(changes))).toBe(true);
  });

  test.each([
    ["nothing", set([])],
    ["too many", set(Array(mostChanges + 1).fill({ kind: "insert", cells: [] }))],
    ["a number, which may be rounded already", set([update(17)])],
    ["a NUL", set([update("a\0b")])],
    ["an update of nothing", set([{ kind: "update", row, cells: [] }])],
    ["a cell twice", set([{ kind: "insert", cells: ["a", "a"].map((column) => ({ column, value: null })) }])],
    ["a row twice", set([update("x"), { kind: "delete", row }])],
    ["a key that is no key of the set's", set([update("x")], { key: null })],
    ["a key of another length", set([update("x")], { key: ["id", "part"] })],
    [
      "a place that is none",
      set([update("x")].map((one) => ({ ...one, row: { ...row, place: { tableoid: "1", ctid: "0,1" } } }))),
    ],
    ["what it does not know", set([{ ...update("x"), where: "true" }])],
  ])("refuses %s", (_, given) => {
    expect(accepted(given)).toBe(false);
  });
});

test("each change is a statement to look at, its values literals that mean exactly them", () => {
  const changes: readonly RowChange[] = [
    { kind: "delete", row: { key: ["O'Hara", null], place: null, version: "801" } },
    {
      kind: "update",
      row: { key: ["\\x00ff", "2"], place: null, version: "d41d8cd98f00b204e9800998ecf8427e" },
      cells: [
        { column: 'the "note".x', value: "'; drop table a; --" },
        { column: "価格", value: null },
        { column: "at", value: { default: true } },
      ],
    },
    { kind: "insert", cells: [{ column: "A", value: "" }] },
    { kind: "insert", cells: [] },
  ];
  const given: Pick<ChangeSet, "schema" | "table" | "key" | "changes"> = {
    schema: "S",
    table: "t.u",
    key: ["name", "n"],
    changes,
  };
  expect(reviewSql(given)).toEqual([
    `DELETE FROM "S"."t.u"\nWHERE "name" = 'O''Hara'\n  AND "n" = NULL\n  AND xmin = '801'`,
    `UPDATE "S"."t.u"\nSET "the ""note"".x" = '''; drop table a; --', "価格" = NULL, "at" = DEFAULT\n` +
      `WHERE "name" = E'\\\\x00ff'\n  AND "n" = '2'\n  AND md5("t.u"::text) = 'd41d8cd98f00b204e9800998ecf8427e'`,
    `INSERT INTO "S"."t.u" ("A")\nVALUES ('')`,
    `INSERT INTO "S"."t.u" DEFAULT VALUES`,
  ]);
});

test("without a key a row is found where it lies", () => {
  const place = { tableoid: "16400", ctid: "(0,1)" };
  const changes = [{ kind: "delete" as const, row: { key: null, place, version: "801" } }];
  expect(reviewSql({ schema: "public", table: "t", key: null, changes })).toEqual([
    `DELETE FROM "public"."t"\nWHERE tableoid = '16400'\n  AND ctid = '(0,1)'\n  AND xmin = '801'`,
  ]);
});
