import { describe, expect, test } from "vitest";
import {
  after,
  keyOrder,
  narrowed,
  orderBy,
  type PagedColumn,
  type PagedTable,
  reversed,
} from "#lib/browse/page-query.ts";
import type { SortColumn, Value } from "#lib/browse/shapes.ts";
import { bound, built, named, piece, sql } from "#lib/browse/sql-text.ts";

const column = (name: string, more: Partial<PagedColumn> = {}): PagedColumn => ({
  name,
  cast: "integer",
  long: "no",
  isText: false,
  notNull: true,
  readable: true,
  ...more,
});

const table: PagedTable = {
  schema: "s",
  name: "t",
  columns: [
    column("id"),
    column("a"),
    column("b"),
    column("n", { notNull: false }),
    column("m", { notNull: false }),
    column("x", { cast: "text", isText: true, notNull: false }),
  ],
  key: ["id"],
  hasParts: false,
  placed: true,
  version: "xmin",
};

const asc = (...columns: string[]): SortColumn[] =>
  columns.map((one) => ({ column: one, descending: false }));
const desc = (...columns: string[]): SortColumn[] =>
  columns.map((one) => ({ column: one, descending: true }));

/** Without the table and the casts, which are the same everywhere. */
const text = (given: Parameters<typeof built>[0]) => {
  const { text: written, values } = built(given);
  return written
    .replaceAll('"t".', "")
    .replaceAll("is not distinct from null", "is null")
    .replaceAll("is distinct from null", "is not null")
    .replace(/"(\w+)"/g, "$1")
    .replace(/\$(\d+)::\w+/g, (_, number) => values[Number(number) - 1] ?? "NULL");
};

function beyond(sort: readonly SortColumn[], mark: readonly Value[], inclusive = false): readonly string[] {
  const order = keyOrder(table, sort);
  if (order === null) throw new Error("no order");
  return after(table, order, mark, inclusive).map(text);
}

describe("the order", () => {
  test.each<readonly [string, readonly SortColumn[], readonly SortColumn[]]>([
    ["nothing", [], asc("id")],
    ["one column", asc("a"), asc("a", "id")],
    ["one column, down", desc("a"), desc("a", "id")],
    ["mixed", [...asc("a"), ...desc("b")], [...asc("a"), ...desc("b", "id")]],
    ["by the key itself, down", desc("id"), desc("id")],
    ["the key first", [...desc("id"), ...asc("a")], [...desc("id"), ...asc("a")]],
  ])("of %s ends with the key, in the direction of the last column", (_, sort, order) => {
    expect(
      keyOrder(table, sort)?.map(({ column: name, descending }) => ({ column: name, descending })),
    ).toEqual(order);
  });

  test("of a sorted table without a key ends with the place of its rows", () => {
    const keyless = { ...table, key: null };
    expect(keyOrder(keyless, [])).toBeNull();
    expect(keyOrder(keyless, desc("a"))?.map(({ column: name }) => name)).toEqual(["a", "ctid"]);
    const parted = { ...keyless, hasParts: true };
    expect(keyOrder(parted, asc("a"))?.map(({ column: name }) => name)).toEqual(["a", "tableoid", "ctid"]);
    expect(keyOrder({ ...keyless, placed: false }, asc("a"))).toBeNull();
  });

  test("is written as the server sorts", () => {
    expect(text(orderBy(table, [...asc("a"), ...desc("b")]))).toBe(" order by a, b desc");
    expect(orderBy(table, reversed(asc("a"))).parts.join("")).toContain("desc");
  });
});

describe("after a mark", () => {
  test.each<readonly [string, readonly SortColumn[], readonly Value[], readonly string[]]>([
    ["the key", [], ["7"], ["id > 7"]],
    ["one direction", asc("a"), ["1", "7"], ["(a, id) > (1, 7)"]],
    ["the other", desc("a", "b"), ["1", "2", "7"], ["(a, b, id) < (1, 2, 7)"]],
    ["mixed", [...asc("a"), ...desc("b")], ["1", "2", "7"], ["a = 1 and (b, id) < (2, 7)", "a > 1"]],
    [
      "three turns",
      [...asc("a"), ...desc("b"), ...asc("id")],
      ["1", "2", "7"],
      ["a = 1 and b = 2 and id > 7", "a = 1 and b < 2", "a > 1"],
    ],
    ["NULLs last", asc("n"), ["1", "7"], ["(n, id) > (1, 7)", "n is null"]],
    ["among NULLs, last", asc("n"), [null, "7"], ["n is null and id > 7"]],
    ["NULLs first", desc("n"), ["1", "7"], ["(n, id) < (1, 7)"]],
    ["among NULLs, first", desc("n"), [null, "7"], ["n is null and id < 7", "n is not null"]],
    [
      "two columns with NULLs",
      asc("n", "m"),
      ["1", "2", "7"],
      ["n = 1 and (m, id) > (2, 7)", "n = 1 and m is null", "n > 1", "n is null"],
    ],
    ["two columns, NULL in both", asc("n", "m"), [null, null, "7"], ["n is null and m is null and id > 7"]],
    [
      "NULL within, and mixed",
      [...desc("n"), ...asc("m")],
      ["1", null, "7"],
      ["n = 1 and m is null and id > 7", "n < 1"],
    ],
  ])("%s", (_, sort, mark, conditions) => {
    expect(beyond(sort, mark)).toEqual(conditions);
  });

  test.each<readonly [readonly SortColumn[], readonly Value[], readonly string[]]>([
    [[], ["7"], ["id >= 7"]],
    [
      [...asc("a"), ...desc("b")],
      ["1", "2", "7"],
      ["a = 1 and (b, id) <= (2, 7)", "a > 1"],
    ],
    [desc("id", "n"), ["7", null], ["id = 7 and n is null", "id = 7 and n is not null", "id < 7"]],
    [asc("id", "n"), ["7", null], ["id = 7 and n is null", "id > 7"]],
  ])("and the row itself: %j %j", (sort, mark, conditions) => {
    expect(beyond(sort, mark, true)).toEqual(conditions);
  });

  test("there is no OR, whatever the order", () => {
    const columns = ["id", "a", "b", "n", "m", "x"];
    for (let seed = 0; seed < 500; seed += 1) {
      const sort = columns
        .filter((_, index) => (seed >> index) & 1)
        .map((name, index) => ({ column: name, descending: ((seed * 7) >> index) % 2 === 1 }));
      const order = keyOrder(table, sort) ?? [];
      const mark = order.map(({ nullable }, index) => (nullable && (seed + index) % 3 === 0 ? null : "1"));
      const conditions = beyond(sort, mark);
      expect(conditions.join(" ")).not.toMatch(/\bor\b|offset/i);
      expect(conditions.length).toBeLessThanOrEqual(2 * order.length);
    }
  });
});

describe("a filter", () => {
  test("is bound, led back to, and as typed as its column", () => {
    const statement = built(
      sql`select ${narrowed(table, {
        filters: [
          { column: "a", operator: "=", value: "1" },
          { column: 'o"dd', operator: "in", value: 'x\ny"' },
          { column: "x", operator: "contains", value: "50%_\\" },
        ],
        where: "a > 1 -- more",
      })}`,
    );
    expect(statement.text).toBe(
      'select true and "t"."a" = $1::integer and "t"."o""dd" = any($2::text[]) and "t"."x" ilike $3 and (\na > 1 -- more\n)',
    );
    expect(statement.values).toEqual(["1", '{"x","y\\""}', "%50\\%\\_\\\\%"]);
    expect(statement.pieces.map(({ of, firstValue, values }) => [of, firstValue, values])).toEqual([
      [0, 1, 1],
      [1, 2, 1],
      [2, 3, 1],
      ["where", 4, 0],
    ]);
    for (const { of, start, end } of statement.pieces)
      expect(statement.text.slice(start, end)).toContain(of === "where" ? "-- more" : "$");
  });
});

test("pieces of SQL are numbered in the order they stand", () => {
  const inner = sql`${named("a")} = ${bound("x")}`;
  expect(built(sql`${piece(0, inner)} and ${inner} and ${bound(null)}`)).toMatchObject({
    text: '"a" = $1 and "a" = $2 and $3',
    values: ["x", "x", null],
  });
});
