import { expect, test } from "vitest";
import { type Risk, riskyWords } from "#lib/sql/risky-words.ts";

test.each<[string, readonly Risk[]]>([
  ["select * from t", []],
  ["delete from t", ["delete-all"]],
  ["DELETE FROM t RETURNING *", ["delete-all"]],
  ["delete from t where id = 1", []],
  ["delete from t where current of c", []],
  ["delete from t using (select 1 where true) s", ["delete-all"]],
  ["delete from t -- where id = 1", ["delete-all"]],
  ["delete from t /* where */ returning 'where'", ["delete-all"]],
  ['delete from "where"', ["delete-all"]],
  ["update t set a = (select b from u where u.id = 1)", ["update-all"]],
  ["update t set a = 1 where id in (select 1)", []],
  ["-- all of them\nupdate t set a = 1", ["update-all"]],
  ["with gone as (delete from t returning *) select * from gone where a = 1", ["delete-all"]],
  ["with some as (select 1) update t set a = 1", ["update-all"]],
  ["with some (a) as materialized (select 1 where true) delete from t where a = 1", []],
  ["with some as (select 1), gone as (delete from t where a = 1 returning 1) delete from u", ["delete-all"]],
  ["explain analyze delete from t", ["delete-all"]],
  ["explain (analyze, buffers) update t set a = 1", ["update-all"]],
  ["truncate t", ["truncate"]],
  ["TRUNCATE TABLE ONLY t", ["truncate"]],
  ["drop table t", ["drop"]],
  ["alter table t drop column a", ["drop"]],
  ["alter table t add b int, drop a", ["drop"]],
  ['alter table t drop "not"', ["drop"]],
  ["alter table t alter a drop not null", []],
  ["alter table t drop constraint c", []],
  // No words of their own here:
  ["select * from t for update", []],
  ["select * from t for no key update", []],
  ["insert into t values (1) on conflict (id) do update set a = 1", []],
  ["create table t (a int references u on delete cascade on update set null)", []],
  ["create trigger g before update or delete on t execute function f()", []],
  ["create policy p on t for delete", []],
  ["grant update, delete, truncate on t to r", []],
  ["merge into t using u on t.id = u.id when matched then delete", []],
  ["select delete, update, truncate, drop from t", []],
  ["", []],
])("%s: %j", (statement, risks) => {
  expect(riskyWords(statement)).toEqual(risks);
});
