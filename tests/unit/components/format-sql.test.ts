import { expect, test } from "vitest";
import { formatSql } from "#components/sql-editor/format-sql.ts";
import { sameTokens } from "#lib/sql/same-tokens.ts";
import { usualRules } from "#lib/sql/tokens.ts";

const format = (text: string) => formatSql(text, usualRules);

test("a statement is set in lines", () => {
  expect(format("select a, b from t where c = $1")).toEqual({
    text: "select\n  a,\n  b\nfrom\n  t\nwhere\n  c = $1",
    left: 0,
  });
});

test("what stands between statements stays", () => {
  const { text } = format("\\timing\nselect 1;\n\n-- two\nselect 2;\n");
  expect(text).toBe("\\timing\nselect\n  1;\n\n-- two\nselect\n  2;\n");
});

test.each([
  "select ';'; select 'it''s'; select E'\\';'; select U&'d\\0061'",
  'select "a;b", "A""b" from "T"',
  "do $$ begin perform 1; end $$; select $a$ $$ $a$",
  "select a$b, $1, c->>'d', e @> f, g::int[], h[1:2]",
  "create function f() returns int begin atomic select case when true then 1 end; end",
  "create rule r as on insert to t do also (insert into u values (1); select 2)",
  "select 1 /* a /* b */ c */ -- d\n, 2",
  "select 'a'\n'b'",
  "insert into t values (1) on conflict (a) do update set b = -1",
  "select * from a where b ~ 'c' and d !~* 'e' and f <> -1 and g ?| array['h']",
  "with recursive q as (select 1 union all select 2) table q",
  "select '",
])("%j says the same afterwards", (text) => {
  expect(sameTokens(text, format(text).text)).toBe(true);
});
