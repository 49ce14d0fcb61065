import { expect, test } from "vitest";
import { parametersOf } from "#lib/sql/parameters-of.ts";

test.each<[string, readonly number[]]>([
  ["select 1", []],
  ["select $1", [1]],
  ["select $2::int + $1 + $2", [1, 2]],
  ["select '$1', \"$2\", $$ $3 $$, E'\\'$4', a$5 -- $6\n /* $7 */, $8", [8]],
  ["select $10", [10]],
  ["select $0", []],
  ["select $1a", []],
  ["select $99999999999", []],
  ["prepare p (int) as select $1", []],
  ["create or replace function f(int) returns int return $1", []],
  ["create procedure p(int) begin atomic insert into t values ($1); end", []],
  ["create table t as select $1::int", [1]],
  ["-- of one\nselect * from t where id = $1", [1]],
])("%s asks for %j", (statement, numbers) => {
  expect(parametersOf(statement)).toEqual(numbers);
});
