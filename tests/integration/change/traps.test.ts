import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChangeAnswer, RowChange } from "#lib/change/shapes.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { Changing, deleteAt, insertOf, updateAt } from "#tests/support/changing.ts";
import { hasSystemPostgres, startSystemPostgres } from "#tests/support/system-postgres.ts";

let server: Pick<SampleServer, "port" | "admin" | "stop">;
let changing: Changing;

function stored(answer: ChangeAnswer) {
  if (answer.outcome !== "applied" && answer.outcome !== "tried")
    throw new Error(`not stored: ${JSON.stringify(answer)}`);
  return answer.stored;
}

const rowsOf = async (table: string) => {
  const rows = await server.admin(`select t::text as row from ${table} t order by 1`);
  return rows.map(({ row }) => row as string);
};

/** Until somebody's statement has come to its pause, behind what it did before. */
const untilAsleep = async (seconds: string) => {
  for (;;) {
    const [found] = await server.admin(
      "select count(*)::int as n from pg_stat_activity where query like $1 and wait_event = 'PgSleep'",
      [`%pg_sleep(${seconds})%`],
    );
    if (found?.n === 1) return;
  }
};

describe.each([18, 15])("PostgreSQL %s", (version) => {
  const isHere = version === 18 || hasSystemPostgres(version);
  if (!isHere) return test.skip("is not on this machine", () => undefined);

  beforeAll(async () => {
    server =
      version === 18
        ? await startPostgres({ users: [{ name: "app", password: "secret" }] })
        : await startSystemPostgres(version, "");
    await server.admin("alter default privileges grant all on tables to app");
    changing = new Changing({ port: server.port });
  });
  afterAll(async () => {
    changing?.close();
    await server?.stop();
  });

  test("one of two rows that are alike is changed, and its twin stays", async () => {
    await server.admin(
      "create table twins (a int, b text); insert into twins values (1, 'x'), (1, 'x'), (2, 'y')",
    );
    const page = await changing.open("twins");
    expect(page.editable.by).toBe("place");
    expect(await changing.apply(page, [updateAt(page, 1, { b: "mine" })])).toMatchObject({
      outcome: "applied",
    });
    expect(await rowsOf("twins")).toEqual(["(1,mine)", "(1,x)", "(2,y)"]);
    const again = await changing.open("twins");
    const row = again.page.rows.findIndex(([, b]) => b === "x");
    expect(await changing.apply(again, [deleteAt(again, row)])).toMatchObject({ outcome: "applied" });
    expect(await rowsOf("twins")).toEqual(["(1,mine)", "(2,y)"]);
  });

  test("of partitions whose rows lie at the same place, one row is changed", async () => {
    await server.admin(`create table parts (a int, b text) partition by list (a);
      create table parts_1 partition of parts for values in (1);
      create table parts_2 partition of parts for values in (2);
      insert into parts values (1, 'x'), (2, 'x')`);
    const page = await changing.open("parts");
    expect(page.page.identities.map(({ place }) => place?.ctid)).toEqual(["(0,1)", "(0,1)"]);
    const row = page.page.rows.findIndex(([a]) => a === "2");
    const answer = await changing.apply(page, [updateAt(page, row, { b: "mine" })]);
    expect(stored(answer)[0]?.movedTo).toBeNull();
    expect(await rowsOf("parts")).toEqual(["(1,x)", "(2,mine)"]);
  });

  test("a row that moves to another partition is told, with what finds it there", async () => {
    await server.admin(`
      create table moving (id int, region text, g int generated always as (id * 2) stored, primary key (id, region))
        partition by list (region);
      create table "moving EU" (region text not null, id int not null, g int generated always as (id * 2) stored);
      alter table moving attach partition "moving EU" for values in ('eu');
      create table moving_us partition of moving for values in ('us');
      insert into moving values (1, 'us')`);
    const page = await changing.open("moving");
    expect(page.editable.partitionColumns).toEqual(["region"]);
    const answer = await changing.apply(page, [updateAt(page, 0, { region: "eu" })]);
    const after = await changing.open("moving");
    expect(stored(answer)).toMatchObject([
      { movedTo: "moving EU", identity: after.page.identities[0], differs: [] },
    ]);
    expect(await changing.apply(after, [updateAt(after, 0, { id: "5" })])).toMatchObject({
      outcome: "applied",
    });
    expect(await rowsOf("moving")).toEqual(["(5,eu,10)"]);
  });

  test("a place that another row of the same transaction has taken meanwhile is not changed", async () => {
    await server.admin(
      "create table anew (a int, b text); insert into anew select n, 'x' from generate_series(1, 3) n",
    );
    const page = await changing.open("anew");
    await server.admin("delete from anew where a = 1");
    await server.admin("vacuum full anew");
    // Another row has the same place and the same xmin now; only the table's own number tells, and that stays.
    const now = await changing.open("anew");
    expect(now.page.identities[0]).toEqual(page.page.identities[0]);
    expect(await changing.apply(page, [updateAt(page, 0, { b: "wrong" })])).toMatchObject({
      outcome: "conflict",
      conflicts: [{ change: 0, why: "moved", now: null }],
    });
    expect(await rowsOf("anew")).toEqual(["(2,x)", "(3,x)"]);
  });

  test("a long value without a key is checked by what was shown of it, and undone whole", async () => {
    await server.admin(`create table longs (a text, b bytea);
      insert into longs values (repeat('漢', 5000), decode(repeat('ff', 5000), 'hex'))`);
    const page = await changing.open("longs");
    expect(page.page.cut).toHaveLength(2);
    const answer = await changing.apply(page, [updateAt(page, 0, { a: "short" })]);
    expect(answer).toMatchObject({ outcome: "applied", stored: [{ differs: [] }] });
    if (answer.outcome !== "applied") return;
    await server.admin(answer.undo ?? "");
    expect(
      await server.admin("select a = repeat('漢', 5000) as same, octet_length(b) as b from longs"),
    ).toEqual([{ same: true, b: 5000 }]);
    const next = await changing.open("longs");
    const typed = { a: "é".repeat(6000), b: `\\x${"0a".repeat(4000)}` };
    expect(stored(await changing.apply(next, [updateAt(next, 0, typed)]))).toMatchObject([
      {
        differs: [],
        row: {
          cut: [
            { column: 0, length: 6000 },
            { column: 1, length: 4000 },
          ],
        },
      },
    ]);
    // Only the end of it is another.
    const last = await changing.open("longs");
    await server.admin("update longs set b = b");
    await server.admin("update longs set a = a || 'x'");
    expect(await changing.apply(last, [deleteAt(last, 0)])).toMatchObject({ outcome: "conflict" });
  });

  test("names of every kind", async () => {
    const names = ['q"uote', "a.b", "UPPER", "漢字", "x".repeat(63), "select", " lead", "$1", "it's"];
    for (const name of names) {
      const quoted = `"${name.replaceAll('"', '""')}"`;
      await server.admin(`create schema ${quoted}; create table ${quoted}.${quoted} (${quoted} int primary key, v text);
        insert into ${quoted}.${quoted} values (1, 'x'); grant usage on schema ${quoted} to app`);
      const page = await changing.open(name, { schema: name });
      const changes = [updateAt(page, 0, { [name]: "2" }), insertOf({ [name]: "3", v: name })];
      const answer = await changing.apply(page, changes);
      expect(answer).toMatchObject({ outcome: "applied" });
      expect(await server.admin(`select v from ${quoted}.${quoted} order by 1`)).toEqual(
        [{ v: name }, { v: "x" }].sort((one, other) => (one.v < other.v ? -1 : 1)),
      );
      if (answer.outcome === "applied") await server.admin(answer.undo ?? "");
      expect(await rowsOf(`${quoted}.${quoted}`)).toEqual(["(1,x)"]);
    }
  });

  test("a row that another has changed or deleted is shown as it is now, and nothing is done", async () => {
    await server.admin(`create table shared (id int primary key, v text);
      insert into shared select n, 'x' from generate_series(1, 4) n`);
    const page = await changing.open("shared");
    await server.admin("update shared set v = 'theirs' where id = 1; delete from shared where id = 2");
    const changes = [0, 1, 2].map((row) => updateAt(page, row, { v: "mine" }));
    const answer = await changing.apply(page, [...changes, insertOf({ id: "9" })]);
    const now = await changing.open("shared");
    const theirs = { values: ["1", "theirs"], cut: [] };
    expect(answer).toEqual({
      outcome: "conflict",
      conflicts: [
        { change: 0, why: "changed", now: theirs, identity: now.page.identities[0], reasons: [] },
        { change: 1, why: "gone", now: null, identity: null, reasons: [] },
      ],
    });
    expect(await rowsOf("shared")).toEqual(["(1,theirs)", "(3,x)", "(4,x)"]);
    // Mine over theirs: the new version is the check.
    const over = { ...changes[0], row: now.page.identities[0] } as RowChange;
    expect(await changing.apply(page, [over])).toMatchObject({ outcome: "applied" });
    expect(await rowsOf("shared")).toEqual(["(1,mine)", "(3,x)", "(4,x)"]);
  });

  test("row security, a trigger that returns nothing: the row is as it was, and the reason is named", async () => {
    await server.admin(`create table guarded (id int primary key, v text); insert into guarded values (1, 'x'), (2, 'x');
      alter table guarded enable row level security;
      create policy reads on guarded for select using (true);
      create policy writes on guarded for update using (id = 1);
      create table nulled (id int primary key, v text); insert into nulled values (1, 'x');
      create function nothing() returns trigger language plpgsql as 'begin return null; end';
      create trigger nothing before update or insert on nulled for each row execute function nothing()`);
    const guarded = await changing.open("guarded");
    expect(guarded.editable.rowSecurity).toBe(true);
    const both = [updateAt(guarded, 0, { v: "y" }), updateAt(guarded, 1, { v: "y" })];
    expect(await changing.apply(guarded, both)).toMatchObject({
      outcome: "conflict",
      conflicts: [{ change: 1, why: "unchanged", now: { values: ["2", "x"] }, reasons: ["row-security"] }],
    });
    expect(await rowsOf("guarded")).toEqual(["(1,x)", "(2,x)"]);
    expect(await changing.apply(guarded, both.slice(0, 1))).toMatchObject({ outcome: "applied" });
    const nulled = await changing.open("nulled");
    expect(nulled.editable.triggers).toEqual(["nothing"]);
    for (const change of [updateAt(nulled, 0, { v: "y" }), insertOf({ id: "2" })])
      expect(await changing.apply(nulled, [change])).toMatchObject({
        outcome: "conflict",
        conflicts: [{ change: 0, why: "unchanged", reasons: ["trigger"] }],
      });
  });

  test("what a trigger stores instead is told, and that a rollback does not undo all of it", async () => {
    await server.admin(`
      create table stamped (id serial primary key, v text, stamp text, n int generated always as (id + 1) stored);
      insert into stamped values (1, 'x', 'old');
      create function stamp() returns trigger language plpgsql as
        'begin raise notice ''stamped %'', new.id; new.v := upper(new.v); new.stamp := ''new''; return new; end';
      create trigger stamp before update on stamped for each row execute function stamp();
      grant all on sequence stamped_id_seq to app`);
    const page = await changing.open("stamped");
    expect(await changing.try(page, [updateAt(page, 0, { v: "y", id: "2" }), insertOf({})])).toMatchObject({
      outcome: "tried",
      notices: ["stamped 2"],
      notUndone: ["sequences", "triggers", "locks"],
      stored: [
        {
          differs: [
            { column: "v", typed: "y", stored: "Y" },
            { column: "stamp", stored: "new" },
          ],
        },
        { row: { values: ["1", null, null, "2"] }, differs: [] },
      ],
    });
    expect(await rowsOf("stamped")).toEqual(["(1,x,old,2)"]);
  });

  test("triggers and defaults see the names that the role sees, at COMMIT too", async () => {
    await server.admin(`create schema own; grant usage, create on schema own to app; alter role app set search_path = own;
      create function own.word() returns text language sql as 'select ''own''';
      create table own.words (id int primary key, v text default own.word(), w text);
      create function own.say() returns trigger language plpgsql as 'begin new.w := word(); return new; end';
      create trigger say before insert on own.words for each row execute function own.say();
      create function own.later() returns trigger language plpgsql as
        'begin update words set w = ''late '' || word() where id = new.id; return new; end';
      create constraint trigger later after insert on own.words deferrable initially deferred
        for each row execute function own.later()`);
    const fresh = new Changing({ port: server.port });
    try {
      const page = await fresh.open("words", { schema: "own" });
      expect(await fresh.try(page, [insertOf({ id: "1" })])).toMatchObject({
        stored: [{ row: { values: ["1", "own", "late own"] } }],
      });
      expect(await fresh.apply(page, [insertOf({ id: "1" })])).toMatchObject({ outcome: "applied" });
      expect(await rowsOf("own.words")).toEqual(['(1,own,"late own")']);
    } finally {
      fresh.close();
      await server.admin("alter role app reset search_path");
    }
  });

  test("an operator of somebody's own never finds a row", async () => {
    await server.admin(`create table hijacked (k varchar(9) primary key, v text); insert into hijacked values ('a', '1'), ('b', '2');
      create schema trap; grant usage on schema trap to app;
      create function trap.always(varchar, varchar) returns boolean language sql immutable as 'select true';
      create operator trap.= (function = trap.always, leftarg = varchar, rightarg = varchar);
      alter role app set search_path = trap, public`);
    const fresh = new Changing({ port: server.port });
    try {
      const page = await fresh.open("hijacked");
      expect(await fresh.apply(page, [updateAt(page, 0, { v: "mine" })])).toMatchObject({
        outcome: "applied",
      });
      expect(await rowsOf("hijacked")).toEqual(["(a,mine)", "(b,2)"]);
    } finally {
      fresh.close();
      await server.admin("alter role app reset search_path");
    }
  });

  test("a constraint that is checked at COMMIT fails there, and a trial finds it out", async () => {
    await server.admin(`create table heads (id int primary key); insert into heads values (1);
      create table limbs (id int primary key, head int references heads deferrable initially deferred);
      insert into limbs values (1, 1)`);
    const page = await changing.open("limbs");
    expect(page.editable.references).toEqual([
      { columns: ["head"], schema: "public", table: "heads", foreignColumns: ["id"] },
    ]);
    for (const mode of ["try", "apply"] as const)
      expect(await changing[mode](page, [updateAt(page, 0, { head: "9" })])).toMatchObject({
        outcome: "refused",
        change: null,
        error: { sqlstate: "23503", constraint: "limbs_head_fkey" },
        again: false,
      });
    expect(await rowsOf("limbs")).toEqual(["(1,1)"]);
  });

  test("keys that follow each other are changed in their order", async () => {
    await server.admin(
      "create table chain (id int primary key, v text); insert into chain values (1, 'a'), (2, 'b'), (3, 'c')",
    );
    const page = await changing.open("chain");
    const chain = [0, 1, 2].map((row) => updateAt(page, row, { id: String(row + 2) }));
    expect(await changing.apply(page, chain)).toMatchObject({ outcome: "applied" });
    expect(await rowsOf("chain")).toEqual(["(2,a)", "(3,b)", "(4,c)"]);
    const next = await changing.open("chain");
    const replaced = [insertOf({ id: "2", v: "new" }), deleteAt(next, 0)];
    expect(await changing.apply(next, replaced)).toMatchObject({ outcome: "applied" });
    expect(await rowsOf("chain")).toEqual(["(2,new)", "(3,b)", "(4,c)"]);
  });

  test("keys that are swapped are refused whole, or swapped where a key is checked late", async () => {
    await server.admin(`create table early (id int primary key, v text); insert into early values (1, 'a'), (2, 'b');
      create table late (id int, v text, primary key (id) deferrable); insert into late values (1, 'a'), (2, 'b')`);
    const swap = (page: Awaited<ReturnType<typeof changing.open>>) => [
      updateAt(page, 0, { id: "2" }),
      updateAt(page, 1, { id: "1" }),
    ];
    const early = await changing.open("early");
    expect(await changing.apply(early, swap(early))).toMatchObject({
      outcome: "refused",
      error: { sqlstate: "23505", constraint: "early_pkey" },
    });
    expect(await rowsOf("early")).toEqual(["(1,a)", "(2,b)"]);
    const late = await changing.open("late");
    expect(await changing.apply(late, swap(late))).toMatchObject({ outcome: "applied" });
    expect(await rowsOf("late")).toEqual(["(1,b)", "(2,a)"]);
  });

  test("a row that an earlier change of the set has touched by itself is still the one that was seen", async () => {
    await server.admin(`
      create table tree (id int primary key, parent int references tree on update cascade on delete cascade, v text);
      insert into tree values (1, null, 'a'), (2, 1, 'b')`);
    const page = await changing.open("tree");
    const moved = [updateAt(page, 0, { id: "7" }), updateAt(page, 1, { v: "mine" })];
    expect(await changing.apply(page, moved)).toMatchObject({ outcome: "applied" });
    expect(await rowsOf("tree")).toEqual(["(2,7,mine)", "(7,,a)"]);
    const next = await changing.open("tree");
    expect(await changing.apply(next, [deleteAt(next, 1), updateAt(next, 0, { v: "late" })])).toMatchObject({
      outcome: "conflict",
      conflicts: [{ change: 1, why: "own-change" }],
    });
    expect(await rowsOf("tree")).toEqual(["(2,7,mine)", "(7,,a)"]);
  });

  test.runIf(version === 18)("what another holds is waited for two seconds, and offered again", async () => {
    await server.admin(
      "create table locked (id int primary key, v text); insert into locked values (1, 'x')",
    );
    const page = await changing.open("locked");
    const holder = server.admin("begin; update locked set v = 'theirs'; select pg_sleep(3); commit");
    await untilAsleep("3");
    expect(await changing.apply(page, [updateAt(page, 0, { v: "mine" })])).toMatchObject({
      outcome: "refused",
      change: 0,
      error: { sqlstate: "55P03" },
      again: true,
    });
    await holder;
    expect(await rowsOf("locked")).toEqual(["(1,theirs)"]);
  });

  test.runIf(version === 18)(
    "a serialization failure is offered again, and then told as the conflict that it is",
    async () => {
      await server.admin(`create table serial (id int primary key, v text); insert into serial values (1, 'x');
      alter role app set default_transaction_isolation = 'repeatable read'`);
      const fresh = new Changing({ port: server.port });
      try {
        const page = await fresh.open("serial");
        const mine = [updateAt(page, 0, { v: "mine" })];
        const holder = server.admin("begin; update serial set v = 'theirs'; select pg_sleep(1.5); commit");
        await untilAsleep("1.5");
        expect(await fresh.apply(page, mine)).toMatchObject({
          outcome: "refused",
          error: { sqlstate: "40001" },
          again: true,
        });
        await holder;
        expect(await fresh.apply(page, mine)).toMatchObject({
          outcome: "conflict",
          conflicts: [{ why: "changed", now: { values: ["1", "theirs"] } }],
        });
      } finally {
        fresh.close();
        await server.admin("alter role app reset default_transaction_isolation");
      }
    },
  );

  test("the undo of every kind leads back to what was", async () => {
    await server.admin(`create table undone (id int generated always as identity primary key, v varchar(20),
        d numeric(8,3), j json, b bytea, g int generated always as (1) stored);
      insert into undone (v, d, j, b) values
        ('O''Hara \\', 1.5, '{"a": 1}', '\\x00ff'), (null, null, null, null), ('', 0, '[]', '')`);
    const before = await rowsOf("undone");
    const page = await changing.open("undone");
    const answer = await changing.apply(page, [
      deleteAt(page, 0),
      updateAt(page, 1, { v: "x", j: "1" }),
      updateAt(page, 2, { v: null, b: "\\x01" }),
      insertOf({ v: "new" }),
    ]);
    expect(await rowsOf("undone")).toEqual(["(2,x,,1,,1)", '(3,,0.000,[],"\\\\x01",1)', "(4,new,,,,1)"]);
    if (answer.outcome === "applied") await server.admin(answer.undo ?? "");
    expect(await rowsOf("undone")).toEqual(before);
  });

  test("a view is changed by the columns that the person names, if the server passes it on", async () => {
    await server.admin(`create table under (id int primary key, v text, w text);
      insert into under values (1, 'a', 'x'), (2, 'b', 'x'), (3, 'b', 'x');
      create view simple as select id as vid, v, v || '!' as loud from under;
      create view grouped as select v, count(*) from under group by v;
      create view vague as select v from under`);
    const page = await changing.open("simple", { named: ["vid"] });
    expect(page.editable).toMatchObject({
      update: null,
      insert: null,
      delete: null,
      by: "named",
      columns: [{ update: null }, { update: null }, { update: "view-column", insert: "view-column" }],
    });
    const changes = [updateAt(page, 0, { v: "mine" }), deleteAt(page, 1), insertOf({ vid: "9", v: "new" })];
    expect(await changing.apply(page, changes)).toMatchObject({
      outcome: "applied",
      stored: [
        { row: { values: ["1", "mine", "mine!"] }, differs: [] },
        { row: null },
        { row: { values: ["9", "new", "new!"] } },
      ],
    });
    expect(await rowsOf("under")).toEqual(["(1,mine,x)", "(3,b,x)", "(9,new,)"]);
    await server.admin("update under set v = 'theirs' where id = 1");
    expect(await changing.apply(page, [updateAt(page, 0, { v: "again" })])).toMatchObject({
      outcome: "conflict",
      conflicts: [{ why: "changed", now: { values: ["1", "theirs", "theirs!"] } }],
    });
    // Columns that do not tell rows apart.
    await server.admin("insert into under values (10, 'b', 'x'), (11, 'b', 'x')");
    const vague = await changing.open("vague", { named: ["v"] });
    const row = vague.page.rows.findIndex(([v]) => v === "b");
    expect(await changing.apply(vague, [deleteAt(vague, row)])).toMatchObject({
      outcome: "conflict",
      conflicts: [{ why: "several" }],
    });
    // What else they show tells them apart all the same.
    await server.admin("create view half as select v, id from under where v = 'b'");
    const half = await changing.open("half", { named: ["v"] });
    const first = half.page.rows.findIndex(([, id]) => id === "3");
    const both = [updateAt(half, first, { v: "c" }), deleteAt(half, first === 0 ? 1 : 0)];
    expect(await changing.apply(half, both)).toMatchObject({ outcome: "applied" });
    expect(await server.admin("select v from under where id = 3")).toEqual([{ v: "c" }]);
    expect((await changing.editable("grouped")).update).toBe("view");
  });

  test("what a new row needs a value of is told, also where a domain says it", async () => {
    await server.admin(`
      create domain filled as text default 'x'; create domain needed as int not null;
      create table wants (a int not null, b filled not null, c needed, d int not null default 1, e int,
        f int not null generated always as (1) stored, g int generated by default as identity); grant all on wants to app`);
    const { columns } = await changing.editable("wants");
    expect(columns.filter(({ required }) => required).map(({ name }) => name)).toEqual(["a", "c"]);
  });

  test("what is not to be changed says why", async () => {
    await server.admin(`
      create table plain (id int primary key, i int generated always as identity, g int generated always as (id) stored,
        d int generated by default as identity, n text, secret text);
      create table unread (id int primary key, n text); create table ruled (id int primary key);
      revoke all on plain, unread from app;
      insert into plain (id) values (1); grant select, delete on plain to app;
      grant update (n, i, g), insert (id, n) on plain to app; grant select (n), update (n) on unread to app;
      create rule never as on delete to ruled do instead nothing;
      create materialized view material as select 1 as one; create sequence counts; grant all on counts to app;
      create view worked_out as select 1 as one`);
    const plain = await changing.open("plain");
    const { editable } = plain;
    expect(editable).toMatchObject({ update: null, insert: null, delete: null, by: "key", key: ["id"] });
    expect(editable.columns.map(({ name, update, insert }) => [name, update, insert])).toEqual([
      ["id", "privilege", null],
      ["i", "identity-always", "identity-always"],
      ["g", "generated", "generated"],
      ["d", "privilege", "privilege"],
      ["n", null, null],
      ["secret", "privilege", "privilege"],
    ]);
    expect(await changing.apply(plain, [updateAt(plain, 0, { secret: "x" })])).toEqual({
      outcome: "not-editable",
      change: 0,
      column: "secret",
      why: "privilege",
    });
    expect(editable.columns.filter(({ required }) => required).map(({ name }) => name)).toEqual(["id"]);
    const changed = { outcome: "table-changed" };
    expect(await changing.apply(plain, [updateAt(plain, 0, { missing: "x" })])).toEqual(changed);
    expect(await changing.apply({ ...plain, key: ["n"] }, [updateAt(plain, 0, { n: "x" })])).toEqual(changed);
    expect(await changing.apply(plain, [deleteAt(plain, 0)])).toMatchObject({ outcome: "applied" });

    const reasons = async (table: string, schema?: string) => {
      const { update, insert, delete: remove } = await changing.editable(table, schema);
      return [update, insert, remove];
    };
    expect(await reasons("material")).toEqual(Array(3).fill("materialized-view"));
    expect(await reasons("counts")).toEqual(Array(3).fill("sequence"));
    expect(await reasons("pg_class", "pg_catalog")).toEqual(Array(3).fill("catalogue"));
    expect(await reasons("ruled")).toEqual([null, null, "rule"]);
    expect(await reasons("unread")).toEqual(["key-unreadable", "privilege", "privilege"]);
    expect(await reasons("worked_out")).toEqual(Array(3).fill("view"));
    await server.admin("alter role app set default_transaction_read_only = on");
    const fresh = new Changing({ port: server.port });
    expect((await fresh.editable("plain")).update).toBe("read-only-server");
    fresh.close();
    await server.admin("alter role app reset default_transaction_read_only");
  });

  test("a role that may only delete does so, and locks nothing beforehand", async () => {
    await server.admin(`create table given (id int primary key, v text); insert into given values (1, 'x');
      revoke all on given from app; grant select, delete on given to app`);
    const page = await changing.open("given");
    expect(page.editable).toMatchObject({ update: "privilege", insert: "privilege", delete: null });
    expect(await changing.apply(page, [deleteAt(page, 0)])).toMatchObject({ outcome: "applied" });
    expect(await rowsOf("given")).toEqual([]);
  });

  test("a thousand changes are a few packets, and one transaction", async () => {
    await server.admin(`create table many (id int primary key, v text check (v <> 'bad'));
      insert into many select n, 'x' from generate_series(1, 1000) n`);
    const page = await changing.open("many");
    const changes = page.page.rows.map((_, row) => updateAt(page, row, { v: row === 999 ? "bad" : "y" }));
    expect(await changing.apply(page, changes)).toMatchObject({
      outcome: "refused",
      change: 999,
      error: { sqlstate: "23514", constraint: "many_v_check" },
    });
    const counts = () => server.admin("select v, count(*)::int as n from many group by v order by v");
    expect(await counts()).toEqual([{ v: "x", n: 1000 }]);
    expect(await changing.apply(page, changes.slice(0, 999))).toMatchObject({ outcome: "applied" });
    expect(await counts()).toEqual([
      { v: "x", n: 1 },
      { v: "y", n: 999 },
    ]);
  });

  test("a page's own time zone is what its keys are read in; one that there is not is told", async () => {
    await server.admin(
      "create table zoned (at timestamptz primary key, v text); insert into zoned values ('2026-01-01 00:00:00+00', 'x')",
    );
    const page = await changing.open("zoned", { timeZone: "Asia/Tokyo" });
    const changes = [updateAt(page, 0, { at: "2026-01-01 12:00" })];
    expect(await changing.apply(page, changes, { timeZone: "Mars" })).toMatchObject({
      outcome: "refused",
      change: null,
      error: { sqlstate: "22023" },
    });
    expect(await changing.apply(page, changes, { timeZone: "Asia/Tokyo" })).toMatchObject({
      stored: [{ differs: [{ column: "at", stored: "2026-01-01 12:00:00+09" }] }],
    });
  });

  test("what a trigger leaves in the session is not there for the next set", async () => {
    await server.admin(`create table leaving (id int primary key);
      create function leave() returns trigger language plpgsql as
        'begin perform set_config(''own.left'', ''left'', false); create temp table if not exists left_there (a int); return new; end';
      create trigger leave before insert on leaving for each row execute function leave();
      create table finding (id int primary key, v text default coalesce(current_setting('own.left', true), '') || coalesce(to_regclass('pg_temp.left_there')::text, ''))`);
    const leaving = await changing.open("leaving");
    expect(await changing.apply(leaving, [insertOf({ id: "1" })])).toMatchObject({ outcome: "applied" });
    const finding = await changing.open("finding");
    expect(stored(await changing.apply(finding, [insertOf({ id: "1" })]))[0]?.row?.values).toEqual(["1", ""]);
  });
});
