import { expect, test } from "vitest";
import { onlyReads } from "#lib/sql/only-reads.ts";

test.each([
  ["select 1", true],
  ["-- update\n/* delete */ SELECT 'insert', \"update\", $$merge$$ from t", true],
  ["table t", true],
  ["values (1)", true],
  ["with a as (select 1) select * from a", true],
  ["(select 1) union select 2", true],
  ["select * from t for update", false],
  ["select * from t for no key update", false],
  ["select * from t for share", false],
  ["select 1 into t", false],
  ["with a as (delete from t returning *) select * from a", false],
  ["with a as (insert into t values (1) returning *) select * from a", false],
  ["update t set a = 1 returning *", false],
  ["fetch 10 from c", false],
  ["call p()", false],
  ["", false],
  ["-- nothing", false],
])("%s", (statement, reads) => {
  expect(onlyReads(statement)).toBe(reads);
});
