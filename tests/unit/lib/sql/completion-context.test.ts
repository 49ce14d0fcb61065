import { describe, expect, test } from "vitest";
import { completionContext } from "#lib/sql/completion-context.ts";

/** `|` is the caret. */
function at(marked: string) {
  const caret = marked.indexOf("|");
  return completionContext(marked.replace("|", ""), caret);
}

/** `schema.name alias`, as the statement names them. */
const tablesAt = (marked: string) =>
  at(marked)?.tables.map(({ schema, name, alias }) =>
    [schema === undefined ? name : `${schema}.${name}`, alias].filter((part) => part !== undefined).join(" "),
  );

describe("what is named at a place", () => {
  test.each([
    ["|", "start", ""],
    ["sel|", "start", "sel"],
    ["select 1;\n|", "start", ""],
    ["select 1;\nsel|", "start", "sel"],
    ["select |", "expression", ""],
    ["select na| from t", "expression", "na"],
    ["select * from |", "relation", ""],
    ["select * from or|", "relation", "or"],
    ["select * from a, b|", "relation", "b"],
    ["select * from a join |", "relation", ""],
    ["select * from a left join lateral b| on true", "relation", "b"],
    ["select * from only |", "relation", ""],
    ["select * from a where |", "expression", ""],
    ["select * from a order by |", "expression", ""],
    ["select * from a join b on |", "expression", ""],
    ["select * from a join b using (|", "expression", ""],
    ["update |", "relation", ""],
    ["update t set |", "expression", ""],
    ["insert into |", "relation", ""],
    ["insert into t (|", "expression", ""],
    ["delete from |", "relation", ""],
    ["delete from a using |", "relation", ""],
    ["truncate |", "relation", ""],
    ["drop table if exists |", "relation", ""],
    ["select extract(year from |", "expression", ""],
    ["select a is distinct from |", "expression", ""],
    ["select * from a for update |", "expression", ""],
    ["insert into t values (1) on conflict do update |", "expression", ""],
    ["with q as (select * from |", "relation", ""],
    ["select (select 1 from |", "relation", ""],
    ['select * from "Od|', "relation", "Od"],
    ['select * from "Od|"', "relation", "Od"],
    ["select * from é|", "relation", "é"],
  ])("%s: %s %j", (marked, place, typed) => {
    expect(at(marked)).toMatchObject({ place, typed });
  });

  test.each([
    "select 'a|'",
    "select 'a|",
    "select $$ a| $$",
    "select 1 -- a|",
    "-- a|",
    "/* a| */ select 1",
    "select 12|",
    "select $1|",
    "\\d a|",
  ])("%s: nothing", (marked) => {
    expect(at(marked)).toBeUndefined();
  });

  test.each<[string, readonly string[], string]>([
    ["select a.|", ["a"], ""],
    ["select a.na| from t a", ["a"], "na"],
    ["select * from sales.|", ["sales"], ""],
    ["select * from sales.o|", ["sales"], "o"],
    ['select "Odd Schema"."T".|', ["Odd Schema", "T"], ""],
    ["select A.n|", ["a"], "n"],
    ["select 1 + b|", [], "b"],
  ])("%s: after %j", (marked, qualifier, typed) => {
    expect(at(marked)).toMatchObject({ qualifier, typed });
  });
});

describe("the tables that can be spoken of", () => {
  test.each<[string, readonly string[]]>([
    ["select | from orders", ["orders"]],
    ["select | from sales.orders", ["sales.orders"]],
    ["select | from sales.orders o", ["sales.orders o"]],
    ["select | from orders as o where true", ["orders o"]],
    ['select | from "Odd Name" "O"', ["Odd Name O"]],
    ["select | from a, b y, only c", ["a", "b y", "c"]],
    ["select | from a join b on a.id = b.id left join c x using (id)", ["a", "b", "c x"]],
    ["select | from a natural join b cross join c where 1 = 1 order by 2 limit 3", ["a", "b", "c"]],
    ["select | from (select * from inner_table) s", ["s"]],
    ["select | from generate_series(1, 2) g, t", ["g", "t"]],
    [
      "select * from outer_table o where exists (select | from inner_table i)",
      ["inner_table i", "outer_table o"],
    ],
    ["select * from a where id in (select id from b) and |", ["a"]],
    ["with q as (select * from a) select | from q", ["q"]],
    ["with q as (select | from a) select * from b", ["a", "b"]],
    ["update t set | where id = 1", ["t"]],
    ["update t as x set a = | from u", ["t x", "u"]],
    ["insert into t (|) values (1)", ["t"]],
    ["insert into sales.t (a) select | from u", ["sales.t", "u"]],
    ["delete from t where |", ["t"]],
    ["delete from t using u where |", ["t", "u"]],
    ["merge into t using s on |", ["t", "s"]],
    ["select | from a; select * from b", ["a"]],
    ["select * from a; select | from b", ["b"]],
    ["select | from a union select * from b", ["a", "b"]],
    ["select a. | from t a", ["t a"]],
    ["select |\nfrom t -- x\n a", ["t a"]],
    ["select extract(year from d), | from t", ["t"]],
    ["select | ", []],
  ])("%s: %j", (marked, tables) => {
    expect(tablesAt(marked)).toEqual(tables);
  });

  test("and the queries of WITH", () => {
    expect(
      at(
        'with recursive a (x) as (select 1), "B" as materialized (select 2), c as (select 3) select | from a',
      )?.queries,
    ).toEqual(["a", "B", "c"]);
    expect(at("select |, 1 as b, c from t")?.queries).toEqual([]);
  });
});
