import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { problem } from "#lib/problems/problem.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { LiveClients } from "#lib/session/live-clients.ts";
import type { RunEvent } from "#lib/session/run-events.ts";
import { runStatement, type StatementAsk } from "#lib/session/run-statement.ts";
import type { More } from "#lib/session/waiting-results.ts";
import { cancelPlainly, openPlainly } from "#tests/support/open-plainly.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";

let server: SampleServer;
let clients: LiveClients;

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password: "secret" }],
    fill: {
      postgres: `create type mood as enum ('calm', 'cross');
        create domain short as varchar(10);
        create table item (id bigint primary key, name text not null, price numeric(10,2) check (price >= 0));
        alter role postgres password 'secret'; grant all on item to app; grant create on schema public to app;`,
    },
  });
});
afterAll(() => server?.stop());
beforeEach(() => {
  clients = new LiveClients(openPlainly);
});
afterEach(() => clients.close({}, problem("cancelled")));

describe("values are the text that the server wrote", () => {
  test.each([
    ["timestamptz", "timestamptz '2024-02-29 12:34:56.123456+05:45'", "set timezone = 'Asia/Kathmandu'"],
    ["timestamp", "timestamp '0044-03-15 12:00:00.000001 BC'", undefined],
    ["timestamp", "timestamp 'infinity'", undefined],
    ["date", "date '-infinity'", undefined],
    ["date", "date '5874897-12-31'", undefined],
    ["time", "time '24:00:00'", undefined],
    ["interval", "interval '1 year 2 mons -3 days 04:05:06.789'", undefined],
    ["numeric", "12345678901234567890.123456789012345678901234567890", undefined],
    ["numeric", "numeric 'NaN'", undefined],
    ["bigint", "9223372036854775807", undefined],
    ["double precision", "0.1::float8 + 0.2::float8", undefined],
    ["double precision", "float8 '-0'", undefined],
    ["json", `json '{"a":1,  "a":2, "big":12345678901234567890}'`, undefined],
    ["jsonb", `jsonb '{"a": 1.10}'`, undefined],
    ["bytea", "'\\xdeadbeef'::bytea", undefined],
    ["text[]", `array['a', null, 'NULL', '', '{"x"}', 'b,c']`, undefined],
    ["integer[]", "'[2:3]={1,2}'::int[]", undefined],
    ["mood", "'calm'::mood", undefined],
    ["mood[]", "array['calm']::mood[]", undefined],
    ["short[]", "array['a']::short[]", undefined],
    ["int4range", "int4range(1, 5)", undefined],
    ["money", "12.34::money", undefined],
    ["record", "row(1, null, 'a b')", undefined],
    ["text", "E'tab\\there, \\u202eturned'", undefined],
  ])("%s: %s", async (type, expression, setting) => {
    const native = new pg.Client({ ...login(), types: { getTypeParser: () => (text: string) => text } });
    await native.connect();
    if (setting !== undefined) await native.query(setting);
    const truth = await native.query({ text: `select (${expression})::text`, rowMode: "array" });
    await native.end();

    if (setting !== undefined) await run(setting, { readOnly: false });
    const events = await run(`select ${expression}`, { readOnly: false });
    expect(rowsOf(events)).toEqual([[truth.rows[0]?.[0]]]);
    expect(columnsOf(events)[0]?.type.replace(/ with(out)? time zone$/, "")).toBe(
      type.replace("timestamptz", "timestamp"),
    );
  });

  test("NULL is not the empty text, and duplicate names keep their places", async () => {
    const events = await run(`select null as a, '' as a, 1 as a, 2 as "__proto__"`);
    expect(columnsOf(events).map((column) => column.name)).toEqual(["a", "a", "a", "__proto__"]);
    expect(rowsOf(events)).toEqual([[null, "", "1", "2"]]);
  });

  test("a table without columns has rows", async () => {
    const events = await run("select from generate_series(1, 3)");
    expect(columnsOf(events)).toEqual([]);
    expect(rowsOf(events)).toEqual([[], [], []]);
  });

  test("types are named as the server names them, modifiers included", async () => {
    const names = [
      ["numeric(10,2)", "numeric(4,-2)", "character varying(20)", "character(3)", "bit(3)", "bit varying(5)"],
      ["timestamp(3) without time zone", "timestamp(0) with time zone", "time(2) without time zone"],
      ["interval day to second(3)", "bigint", "uuid", "numeric(10,2)[]", "character varying(9)[]", "short[]"],
    ].flat();
    const sql = `select ${names.map((name) => `null::${name}`).join(", ")}`;
    expect(columnsOf(await run(sql)).map((column) => column.type)).toEqual(names);
    // The second time nothing need be asked: the first description is the whole truth.
    const again = await run(sql);
    expect(again.filter((event) => event.type === "types")).toEqual([]);
    expect(columnsOf(again).map((column) => column.type)).toEqual(names);
  });

  test("every built-in name agrees with the server's own", async () => {
    const rows = await server.admin(`select oid::int, typname, format_type(oid, -1) as name, typcategory
      from pg_type where oid < 10000 and typtype in ('b', 'r', 'p') and typname !~ '^_?pg_|^_?reg|vector$|cstring'`);
    const { builtinType } = await import("#lib/session/builtin-types.ts");
    const wrong = rows
      .map((row) => ({ row, ours: builtinType(Number(row.oid), -1) }))
      .filter(({ ours }) => ours !== undefined)
      .filter(({ row, ours }) => ours?.name !== row.name || ours?.numeric !== (row.typcategory === "N"));
    expect(wrong).toEqual([]);
  });
});

describe("what a statement did", () => {
  test.each([
    ["insert into item values (1, 'a', 1), (2, 'b', 2)", "INSERT 0 2", 2],
    ["update item set price = price + 1", "UPDATE 2", 2],
    ["update item set price = price + 1 returning id", "UPDATE 2", 2],
    ["delete from item where id = 99", "DELETE 0", 0],
    ["create table if not exists scratch (id int)", "CREATE TABLE", null],
    ["create temp table copy as select * from item", "SELECT 2", 2],
    ["delete from item", "DELETE 2", 2],
    ["do $$ begin null; end $$", "DO", null],
    ["vacuum item", "VACUUM", null],
    ["", null, null],
    ["-- only a remark", null, null],
  ])("%s", async (sql, tag, affected) => {
    expect((await run(sql, { readOnly: false, as: "postgres" })).at(-1)).toMatchObject({
      type: "done",
      tag,
      affected,
      capped: null,
    });
  });

  test("notices come with their severity, at most a thousand", async () => {
    const events = await run(`do $$ begin raise warning 'careful' using hint = 'slowly';
      for i in 1..1500 loop raise notice 'n%', i; end loop; end $$`);
    const notices = events.flatMap((event) => (event.type === "notice" ? [event.notice] : []));
    expect(notices).toHaveLength(1000);
    expect(notices[0]).toMatchObject({
      severity: "WARNING",
      warning: true,
      message: "careful",
      hint: "slowly",
    });
    expect(notices[1]).toMatchObject({ severity: "NOTICE", warning: false, message: "n1" });
    expect(events.at(-1)).toMatchObject({ type: "done", noticesDropped: 501 });
  });

  test.each([
    ["commit", "25P01"],
    ["set local work_mem = '8MB'", "25P01"],
    ["do $$ begin raise warning 'own' using errcode = 'P1234'; end $$", "P1234"],
  ])("a warning is one whatever its code: %s", async (sql, sqlstate) => {
    const events = await run(sql, { readOnly: false });
    const notices = events.flatMap((event) => (event.type === "notice" ? [event.notice] : []));
    expect(notices).toEqual([expect.objectContaining({ severity: "WARNING", warning: true, sqlstate })]);
  });

  test("a notice is none, although its code is not of success", async () => {
    const events = await run("drop table if exists not_there", { readOnly: false });
    const notices = events.flatMap((event) => (event.type === "notice" ? [event.notice] : []));
    expect(notices).toEqual([expect.objectContaining({ severity: "NOTICE", warning: false })]);
  });

  test("an error keeps the server's own words, place and names", async () => {
    const missing = (await run("select 'ü', 😀 from nowhere")).at(-1);
    expect(missing).toMatchObject({ type: "error", error: { sqlstate: "42P01", position: 20 } });
    const check = (await run("insert into item values (5, 'x', -1)", { readOnly: false })).at(-1);
    expect(check).toMatchObject({
      error: { sqlstate: "23514", schema: "public", table: "item", constraint: "item_price_check" },
    });
    expect(check).toMatchObject({ error: { detail: expect.stringContaining("Failing row") } });
  });

  test("an error at the end of the transaction is the statement's error", async () => {
    await run("create table if not exists late (id int unique deferrable initially deferred)", {
      readOnly: false,
    });
    const events = await run("insert into late values (1), (1)", { readOnly: false });
    expect(events.at(-1)).toMatchObject({ type: "error", error: { sqlstate: "23505" } });
    expect(rowsOf(await run("select count(*) from late"))).toEqual([["0"]]);
  });

  test("two statements at once are refused by the server", async () => {
    const events = await run("select 1; select 2", { readOnly: false });
    expect(events.at(-1)).toMatchObject({ type: "error", error: { sqlstate: "42601" } });
  });

  test.each([
    "copy item from stdin",
    "copy (select 1) to stdout",
    "copy (select repeat('x', 1000) from generate_series(1, 100000)) to stdout",
  ])("%s ends with an explanation and the client lives on", async (sql) => {
    const last = (await run(sql, { readOnly: false, as: "postgres" })).at(-1);
    expect(last?.type).toBe("error");
    if (sql.endsWith("stdout")) expect(last).toMatchObject({ stopped: "copy-out" });
    expect(rowsOf(await run("select 1", { readOnly: false, as: "postgres" }))).toEqual([["1"]]);
  });

  test("a client answers again after each kind of error", async () => {
    for (const sql of [
      "selec 1",
      "select $1",
      "select 1/0",
      "select 1/(3 - n) from generate_series(1, 5) n",
    ]) {
      expect((await run(sql, { readOnly: false })).at(-1)?.type).toBe("error");
      expect(rowsOf(await run("select 7", { readOnly: false }))).toEqual([["7"]]);
    }
    expect(clients.count()).toMatchObject({ idle: 1, inUse: 0 });
  });

  test("rows before the error are shown", async () => {
    const events = await run("select 1000 / (900 - n) from generate_series(1, 2000) n");
    expect(rowsOf(events).length).toBeGreaterThanOrEqual(64);
    expect(events.at(-1)).toMatchObject({ type: "error", error: { sqlstate: "22012" } });
  });
});

describe("caps", () => {
  test.each([
    [99, 100, null, 99],
    [100, 100, null, 100],
    [101, 100, "rows", 100],
    [1_000_000_000, 100, "rows", 100],
    [10_000, 10_000, null, 10_000],
    [10_001, 10_000, "rows", 10_000],
  ] as const)("%i rows under a cap of %i", async (rows, rowCap, capped, sent) => {
    const events = await run(`select generate_series(1, ${rows})`, { rowCap });
    expect(events.at(-1)).toMatchObject({ type: "done", capped, rows: sent, rowCap });
    expect(rowsOf(events)).toHaveLength(sent);
    expect(rowsOf(events).at(-1)).toEqual([String(sent)]);
  });

  test("what was capped is still written", async () => {
    const events = await run(
      "insert into item select n, 'n', 0 from generate_series(1, 300) n returning id",
      {
        readOnly: false,
        rowCap: 10,
      },
    );
    expect(events.at(-1)).toMatchObject({ type: "done", capped: "rows", rows: 10 });
    expect(rowsOf(await run("select count(*) from item"))).toEqual([["300"]]);
    await run("delete from item", { readOnly: false });
  });

  test("a long value is cut and its length told", async () => {
    const events = await run("select 'x', repeat('😀', 1000000), 'y'");
    const batch = events.find((event) => event.type === "rows");
    expect(batch).toMatchObject({ cut: [{ row: 0, column: 1, length: 2_000_000 }] });
    expect(rowsOf(events)[0]?.[1]).toBe("😀".repeat(524_288));
  });

  test("a result of more than 64 MB ends at a batch", async () => {
    const events = await run("select repeat('x', 900000) from generate_series(1, 500)");
    expect(events.at(-1)).toMatchObject({ type: "done", capped: "bytes" });
    expect(rowsOf(events).length).toBeGreaterThan(60);
    expect(rowsOf(events).length).toBeLessThan(80);
  });

  test("a first batch of more than 64 MB is cancelled, and nothing of it is written", async () => {
    const events = await run(
      "insert into item select n, repeat('x', 3000000), 0 from generate_series(1, 64) n returning name",
      { readOnly: false },
    );
    expect(events.at(-1)).toMatchObject({ type: "error", stopped: "too-large" });
    expect(rowsOf(await run("select count(*) from item"))).toEqual([["0"]]);
  });

  test("the server waits while nobody reads", async () => {
    const asked = await ask("select n, repeat('x', 1000) from generate_series(1, 100000) n", {
      rowCap: 90_000,
    });
    const events = asked.events[Symbol.asyncIterator]();
    while ((await events.next()).value?.type !== "rows");
    const before = asked.session.connection.socket.bytesRead;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(asked.session.connection.socket.bytesRead - before).toBeLessThan(1_000_000);
    await events.return?.(undefined);
  });

  test("the first rows come before the last ones are made", async () => {
    const asked = await ask(
      "select n, case when n > 64 then pg_sleep(0.5) end from generate_series(1, 66) n",
    );
    const times: number[] = [];
    const start = performance.now();
    for await (const event of asked.events) if (event.type === "rows") times.push(performance.now() - start);
    expect(times[0]).toBeLessThan(300);
    expect(times.at(-1)).toBeGreaterThan(900);
  });

  test("the server ends a statement after its time", async () => {
    const events = await run("select pg_sleep(20)", { timeoutMs: 200 });
    expect(events.at(-1)).toMatchObject({ type: "error", stopped: null, error: { sqlstate: "57014" } });
    const writing = await run("select pg_sleep(20)", { timeoutMs: 200, readOnly: false });
    expect(writing.at(-1)).toMatchObject({ type: "error", stopped: null, error: { sqlstate: "57014" } });
  });
});

describe("a result that may wait at its limit", () => {
  const numbers = "select n from generate_series(1, 1300) n";
  /** Asks for more each time that it waits, so often. */
  async function goingOn(sql: string, times: number, given: Given = {}) {
    let more: More | undefined;
    let left = times;
    const events: RunEvent[] = [];
    const asked = await ask(sql, {
      rowCap: 600,
      waitMs: 60_000,
      timeoutMs: 120_000,
      ...given,
      onWait: (found) => (more = found),
    });
    for await (const event of asked.events) {
      events.push(event);
      if (event.type !== "paused") continue;
      if (left === 0) asked.stop.abort();
      else expect(more?.(600)).toBe(true);
      left -= 1;
    }
    expect(more).toBeUndefined();
    return events;
  }

  test.each([
    ["read-only", true, numbers],
    ["by words that only read", false, `with a as (${numbers}) select * from a`],
  ])("goes on where it was, and every row comes once: %s", async (_, readOnly, sql) => {
    const events = await goingOn(sql, 2, { readOnly });
    expect(rowsOf(events).map(([n]) => Number(n))).toEqual(Array.from({ length: 1300 }, (_, at) => at + 1));
    const paused = events.flatMap((event) => (event.type === "paused" ? [event] : []));
    expect(paused.map(({ done, forMs }) => [done.rows, done.capped, done.rowCap, forMs])).toEqual([
      [600, "rows", 600, 60_000],
      [1200, "rows", 1200, 60_000],
    ]);
    expect(events.at(-1)).toMatchObject({ type: "done", rows: 1300, capped: null });
    expect(events.at(-1)).not.toHaveProperty("waited");
  });

  test("one that ends just there says so when more is asked for", async () => {
    const events = await goingOn("select generate_series(1, 601)", 1);
    expect(rowsOf(events)).toHaveLength(601);
    expect(events.at(-1)).toMatchObject({ type: "done", rows: 601, capped: null });
  });

  test("a cut value beyond the limit is told where it stands", async () => {
    const events = await goingOn("select repeat('x', 1100000) from generate_series(1, 5)", 2, { rowCap: 2 });
    const cut = events.flatMap((event) => (event.type === "rows" ? event.cut.map(({ row }) => row) : []));
    expect(rowsOf(events)).toHaveLength(5);
    expect(cut.length).toBe(5);
    for (const event of events)
      if (event.type === "rows") expect(event.cut.map(({ row }) => row)).toEqual([...event.rows.keys()]);
  });

  test("is told what it held, ends by itself after its time, and its session is free", async () => {
    const events = await run(numbers, { rowCap: 600, waitMs: 20, readOnly: false });
    expect(events.map(({ type }) => type).slice(-3)).toEqual(["paused", "session", "done"]);
    expect(events.at(-1)).toMatchObject({ type: "done", rows: 600, capped: "rows", waited: "time" });
    expect(await active()).toEqual([]);
  });

  test("gives its session up at once where that is asked for", async () => {
    const asked = await ask(numbers, { rowCap: 600, waitMs: 60_000 });
    let next: Promise<RunEvent[]> | undefined;
    const events: RunEvent[] = [];
    for await (const event of asked.events) {
      events.push(event);
      if (event.type === "paused") next = run("select 'next'");
    }
    expect(events.at(-1)).toMatchObject({ type: "done", capped: "rows", waited: "wanted" });
    expect(rowsOf((await next) ?? [])).toEqual([["next"]]);
  });

  test("does not wait at all where somebody stands in line already", async () => {
    let more: More | undefined;
    const asked = await ask(numbers, { rowCap: 600, waitMs: 60_000, onWait: (found) => (more = found) });
    let next: Promise<RunEvent[]> | undefined;
    const events: RunEvent[] = [];
    for await (const event of asked.events) {
      events.push(event);
      if (event.type === "columns") next = run("select 'next'");
    }
    expect(events.map(({ type }) => type)).not.toContain("paused");
    expect(events.at(-1)).toMatchObject({ type: "done", rows: 600, waited: "wanted" });
    expect(more).toBeUndefined();
    expect(rowsOf((await next) ?? [])).toEqual([["next"]]);
  });

  test("what has been written by then stays, whoever leaves", async () => {
    await run(
      "create function note(n int) returns int language sql as $$ insert into item values (n, 'x', 0) returning n $$",
      {
        readOnly: false,
      },
    );
    const asked = await ask("select note(n) from generate_series(1, 20) n", {
      rowCap: 10,
      waitMs: 60_000,
      readOnly: false,
    });
    for await (const event of asked.events) if (event.type === "paused") break;
    expect(Number(rowsOf(await run("select count(*) from item"))[0]?.[0])).toBeGreaterThanOrEqual(10);
    await run("delete from item", { readOnly: false });
  });

  test("what writes or locks by its words is ended at its limit; in the person's own transaction it waits", async () => {
    const sql = "insert into item select n, 'n', 0 from generate_series(1, 20) n returning id";
    const types = async () =>
      (await goingOn(sql, 0, { readOnly: false, rowCap: 10 })).map(({ type }) => type);
    expect(await types()).not.toContain("paused");
    await run("begin", { readOnly: false });
    await run("delete from item", { readOnly: false });
    expect(await types()).toContain("paused");
    await run("rollback", { readOnly: false });
    await run("delete from item", { readOnly: false });
  });

  test.each([
    [1_200, ["paused", "done"]],
    [900, ["rows", "done"]],
  ])("it ends before the server would end it, after %i ms", async (timeoutMs, types) => {
    const events = await run(numbers, { rowCap: 600, waitMs: 60_000, timeoutMs });
    expect(events.map(({ type }) => type).slice(-2)).toEqual(types);
    expect(events.at(-1)).toMatchObject({ capped: "rows", waited: "time" });
  });
});

describe("cancel", () => {
  test.each([true, false])("ends it on the server within a second (read-only: %s)", async (readOnly) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    const start = performance.now();
    const events = await run("select pg_sleep(60)", { readOnly, signal: stop.signal });
    expect(performance.now() - start).toBeLessThan(1200);
    expect(events.at(-1)).toMatchObject({
      type: "error",
      stopped: "cancelled",
      error: { sqlstate: "57014" },
    });
    expect(await active()).toEqual([]);
    expect(rowsOf(await run("select 1", { readOnly }))).toEqual([["1"]]);
    expect(clients.count()).toMatchObject({ idle: 1 });
  });

  test("a reader who leaves ends it on the server too", async () => {
    const asked = await ask("select pg_sleep(60)");
    const events = asked.events[Symbol.asyncIterator]();
    await events.next();
    const next = events.next();
    setTimeout(() => asked.stop.abort(), 100);
    await next;
    await events.return?.(undefined);
    expect(await active()).toEqual([]);
  });

  test("leaving between two batches undoes what the statement wrote", async () => {
    const asked = await ask(
      "insert into item select n, 'n', 0 from generate_series(1, 5000) n returning id",
      {
        readOnly: false,
      },
    );
    const events = asked.events[Symbol.asyncIterator]();
    while ((await events.next()).value?.type !== "rows");
    await events.return?.(undefined);
    expect(rowsOf(await run("select count(*) from item"))).toEqual([["0"]]);
  });

  test("cancelling between two batches undoes it, and says cancelled", async () => {
    const asked = await ask(
      "insert into item select n, 'n', 0 from generate_series(1, 5000) n returning id",
      {
        readOnly: false,
      },
    );
    const events: RunEvent[] = [];
    for await (const event of asked.events) {
      events.push(event);
      if (event.type === "rows") asked.stop.abort();
    }
    expect(events.at(-1)).toMatchObject({ type: "error", stopped: "cancelled", error: null });
    expect(rowsOf(await run("select count(*) from item"))).toEqual([["0"]]);
  });

  test("a killed backend is a problem, not a crash", async () => {
    const asked = await ask("select pg_sleep(60)", { readOnly: false });
    setTimeout(
      () => server.admin("select pg_terminate_backend($1)", [asked.session.connection.backend.pid]),
      200,
    );
    const events: RunEvent[] = [];
    for await (const event of asked.events) events.push(event);
    expect(events.at(-1)).toMatchObject({ type: "error", error: { sqlstate: "57P01" } });
    expect(clients.count()).toMatchObject({ idle: 0, inUse: 0 });
  });
});

describe("transactions", () => {
  test("one that is begun stays with its tab, and only there", async () => {
    const mine = { readOnly: false, tab: "tab-1" } as const;
    expect((await run("begin", mine)).at(-1)).toMatchObject({ transaction: "open" });
    await run("insert into item values (1, 'mine', 0)", mine);
    expect(rowsOf(await run("select name from item", mine))).toEqual([["mine"]]);
    expect(rowsOf(await run("select name from item", { readOnly: false, tab: "tab-2" }))).toEqual([]);
    expect(rowsOf(await run("select name from item", { tab: "tab-1" }))).toEqual([]);
    expect((await run("selec", mine)).at(-1)).toMatchObject({ transaction: "failed" });
    expect((await run("rollback", mine)).at(-1)).toMatchObject({ transaction: "none" });
    expect(rowsOf(await run("select name from item", mine))).toEqual([]);
  });

  test("what was meant for a transaction that is gone does not run", async () => {
    const mine = { readOnly: false, tab: "tab-1", inTransaction: true } as const;
    const refused = await run("insert into item values (2, 'stray', 0)", mine);
    expect(refused.at(-1)).toMatchObject({ type: "error", stopped: "transaction-lost" });
    expect(rowsOf(await run("select name from item"))).toEqual([]);
    await run("begin", { readOnly: false, tab: "tab-1" });
    expect((await run("select 1", mine)).at(-1)).toMatchObject({ type: "done", transaction: "open" });
    await run("rollback", mine);
  });

  test("what is stored is the text that was sent, whatever encoding a script has set", async () => {
    const mine = { readOnly: false, tab: "tab-1" } as const;
    const encoding = async () => rowsOf(await run("show client_encoding", mine))[0];
    await run("create temp table word (w text)", mine);
    const settings = [
      "set client_encoding = 'LATIN1'",
      "select set_config('client_encoding', 'SJIS', false)",
      "set names 'WIN1252'",
      "do $$ begin perform set_config('client_encoding', 'BIG5', false); end $$",
    ];
    for (const setting of settings) {
      const events = await run(setting, mine);
      expect(events.at(-1), setting).toMatchObject({ type: "done", encodingKept: true });
      const session = events.find((event) => event.type === "session");
      expect(session).toMatchObject({ session: { held: { settings: [] } } });
      expect(await encoding()).toEqual(["UTF8"]);
      await run("insert into word values ('é漢😀')", mine);
    }
    const lengths = await run("select w, length(w) from word", mine);
    expect(rowsOf(lengths)).toEqual(settings.map(() => ["é漢😀", "3"]));
    expect(lengths.at(-1)).not.toHaveProperty("encodingKept");
  });

  test("in a transaction the encoding stays as well, whatever becomes of that", async () => {
    const mine = { readOnly: false, tab: "tab-1" } as const;
    const said = async () =>
      rowsOf(await run("select 'é漢', length('é漢'), current_setting('client_encoding')", mine));
    const whole = [["é漢", "2", "UTF8"]];
    await run("begin", mine);
    await run("set client_encoding = 'LATIN1'", mine);
    expect(await said()).toEqual(whole);
    await run("set local client_encoding = 'LATIN1'", mine);
    expect(await said()).toEqual(whole);
    await run("savepoint s", mine);
    await run("do $$ begin set local client_encoding = 'LATIN1'; perform 1 / 0; end $$", mine);
    await run("rollback to s", mine);
    expect(await said()).toEqual(whole);
    await run("rollback", mine);
    expect(await said()).toEqual(whole);
  });

  test("without a tab to come back to, it is rolled back", async () => {
    await run("begin", { readOnly: false, tab: null });
    expect(clients.count()).toMatchObject({ idle: 0, inUse: 0 });
  });
});

async function ask(sql: string, given: Given = {}) {
  const user = given.as ?? "app";
  const session = await clients.acquire({
    userId: "user-1",
    sessionId: "session-1",
    profile: sampleProfile({ port: server.port, user, id: `profile-${user}` }),
    mode: (given.readOnly ?? true) ? "read-only" : "read-write",
    ...(given.tab === null
      ? { kind: "task" as const }
      : { kind: "tab" as const, tab: { id: given.tab ?? "tab-1", lease: "lease-1", name: "" } }),
  });
  if (!session.ok) throw new Error(session.problem.problem.code);
  const stop = new AbortController();
  const events = runStatement(session.value, {
    statement: { text: sql, values: [] },
    readOnly: given.readOnly ?? true,
    rowCap: given.rowCap ?? 10_000,
    timeoutMs: given.timeoutMs ?? 30_000,
    signal: given.signal ?? stop.signal,
    ...(given.inTransaction === undefined ? {} : { inTransaction: given.inTransaction }),
    ...(given.waitMs === undefined ? {} : { waitMs: given.waitMs }),
    ...(given.onWait === undefined ? {} : { onWait: given.onWait }),
    cancel: () => cancelPlainly(server.port, session.value.connection.backend),
  });
  return { events, session: session.value, stop };
}

type Given = Partial<StatementAsk> & { readonly tab?: string | null; readonly as?: "app" | "postgres" };

async function run(sql: string, given: Given = {}): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of (await ask(sql, given)).events) events.push(event);
  return events;
}

function rowsOf(events: readonly RunEvent[]) {
  return events.flatMap((event) => (event.type === "rows" ? event.rows : []));
}

function columnsOf(events: readonly RunEvent[]) {
  return (
    events
      .flatMap((event) => (event.type === "types" || event.type === "columns" ? [event.columns] : []))
      .at(-1) ?? []
  );
}

function login() {
  return {
    host: server.host,
    port: server.port,
    user: "app",
    password: "secret",
    database: "postgres",
    ssl: false,
  };
}

function active() {
  return server.admin(
    "select query from pg_stat_activity where usename = 'app' and state <> 'idle' and backend_type = 'client backend'",
  );
}
