import { describe, expect, test } from "vitest";
import { explainPrefix, firstLevel, plainLevel, planTarget } from "#lib/plan/explain.ts";

const rules = { standardConformingStrings: true };

describe("what a server is asked", () => {
  test.each([
    ["18.4", "plan", "settings, summary, verbose, format json"],
    [
      "18.4",
      "measure",
      "analyze, serialize text, memory, wal, buffers, settings, summary, verbose, format json",
    ],
    [
      "17beta1",
      "measure",
      "analyze, serialize text, memory, wal, buffers, settings, summary, verbose, format json",
    ],
    ["15.8 (Debian 15.8-1)", "measure", "analyze, wal, buffers, settings, summary, verbose, format json"],
    ["12.3", "measure", "analyze, buffers, settings, summary, verbose, format json"],
    ["11.9", "plan", "summary, verbose, format json"],
    ["9.6.24", "measure", "analyze, format json"],
  ] as const)("of version %s to %s", (version, kind, options) => {
    expect(explainPrefix({ kind, level: firstLevel(version) })).toBe(`explain (${options})\n`);
  });

  test("one that tells no version is asked for all, and for nothing special in the end", () => {
    expect(firstLevel(undefined)).toBe(0);
    expect(firstLevel("CockroachDB")).toBe(0);
    expect(explainPrefix({ kind: "plan", level: plainLevel })).toBe("explain (format json)\n");
  });
});

describe("what is explained", () => {
  test.each([
    ["select 1", "select 1"],
    ["  -- why\n select 1 ; ", "-- why\n select 1"],
    ["/* a ; b */ with x as (select 1) table x;", "/* a ; b */ with x as (select 1) table x"],
    ["((select 1) union values (2))", "((select 1) union values (2))"],
    ["update t set a = ';' where b = $$;$$;", "update t set a = ';' where b = $$;$$"],
    ["MERGE into t using s on true when matched then delete", undefined],
    ["insert into t values (1) returning a", undefined],
    ["with x as (select 1) insert into t table x", undefined],
    ["select 1 as into, t.into, (select 'into') from t", undefined],
  ])("%s", (text, sql = text) => {
    expect(planTarget(text, rules)).toEqual({ ok: true, sql });
  });

  test.each([
    ["", "nothing"],
    [" ; ; -- nothing", "nothing"],
    ["select 1; drop table t", "several"],
    ["select 1; -- and\n commit; drop table t; begin", "several"],
    ["\\d t", "command"],
    ["explain select 1", "explain"],
    ["EXPLAIN (analyze) delete from t", "explain"],
    ["/* x */ explain analyze delete from t", "explain"],
    ["analyze t", "kind"],
    ["copy t to stdout", "kind"],
    ["call p()", "kind"],
    ["do $$ begin delete from t; end $$", "kind"],
    ["execute p", "kind"],
    ["prepare p as select 1", "kind"],
    ["create table t as select 1", "kind"],
    ["select 1 into t", "kind"],
    ["with x as (insert into t values (1) returning *) select * into y from x", "kind"],
    ["declare c cursor with hold for select 1", "kind"],
    ["begin", "kind"],
    ["'select 1'", "kind"],
    ['"select" 1', "kind"],
  ] as const)("not %s", (text, why) => {
    expect(planTarget(text, rules)).toEqual({ ok: false, why });
  });

  test("by the session's own reading of quotes", () => {
    const text = String.raw`select 'a\'; drop table t; --'`;
    expect(planTarget(text, { standardConformingStrings: false })).toMatchObject({ ok: true });
    expect(planTarget(text, rules)).toEqual({ ok: false, why: "several" });
  });
});
