import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect, type LiveConnection } from "#lib/connect/connect.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { type QueryLimits, query } from "#lib/session/query.ts";
import { arrayText, statement } from "#lib/session/statement.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";

/** Questions of the console's own, on sessions that people have set up as they like. */
let server: SampleServer;
let connection: LiveConnection;
const limits: QueryLimits = { timeoutMs: 5_000, lockTimeoutMs: 200, bytes: 256 * 1024 };

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password: "secret" }],
    fill: {
      postgres: `
        create table item (id int primary key); insert into item values (1); grant all on item to app;
        create table hidden (id int);
        create schema evil; grant usage on schema evil to app;
        create function evil.lower(text) returns text language sql as $$ select 'evil' $$;
        create function evil.equal(text, text) returns bool language sql as $$ select true $$;
        create operator evil.= (function = evil.equal, leftarg = text, rightarg = text);`,
    },
  });
});
afterAll(() => server?.stop());
beforeEach(async () => {
  const attempt = await connect(sampleProfile({ port: server.port }), { network: { allowLoopback: true } });
  if (attempt.connection === null) throw new Error(JSON.stringify(attempt.report.problem));
  connection = attempt.connection;
});
afterEach(() => connection.close());

function ask(text: string, ...values: readonly (string | number | null)[]) {
  return query(connection, statement(text, ...values), limits);
}

describe("an answer", () => {
  test("is the server's own text, and NULL", async () => {
    const answer = await ask(
      "select 1.50::numeric, null::text, '2026-01-02'::date, true union all select 2, 'x', null, false",
    );
    expect(answer).toEqual({
      ok: true,
      value: [
        ["1.50", null, "2026-01-02", "t"],
        ["2", "x", null, "f"],
      ],
    });
  });

  test.each(["'; drop table item; --", "$1", "\\", '"{},', "é漢🙂", ""])(
    "has its values bound: %j",
    async (given) => {
      const answer = await ask(
        "select $1::text, $2::text[], $3::int",
        given,
        arrayText([given, null, 7]),
        null,
      );
      expect(answer).toMatchObject({ ok: true, value: [[given, expect.any(String), null]] });
      const parts = await ask("select e from unnest($1::text[]) e", arrayText([given, null]));
      expect(parts).toEqual({ ok: true, value: [[given], [null]] });
    },
  );
});

describe("whatever the session is set to", () => {
  test("only the system's names are in sight", async () => {
    await connection.client.query("set search_path = evil, pg_catalog, public");
    expect((await connection.client.query("select lower('A')")).rows).toEqual([{ lower: "evil" }]);
    const answer = await ask("select lower('A'), 'a'::text = 'b'::text, current_setting('search_path')");
    expect(answer).toEqual({ ok: true, value: [["a", "f", "pg_catalog, pg_temp"]] });
    expect((await connection.client.query("show search_path")).rows).toEqual([
      { search_path: "evil, pg_catalog, public" },
    ]);
  });

  test("it reads, and writes nothing", async () => {
    await connection.client.query("set default_transaction_read_only = off");
    for (const text of [
      "insert into public.item values (2)",
      "delete from public.item",
      "create table pg_temp.x ()",
    ])
      expect(await ask(text)).toMatchObject({
        ok: false,
        trouble: { why: "failed", message: expect.stringContaining("read-only") },
      });
    expect(await server.admin("select count(*)::int as n from item")).toEqual([{ n: 1 }]);
  });

  test("its own limits hold, and are gone after it", async () => {
    await connection.client.query("set statement_timeout = 0");
    const slow = await query(connection, statement("select pg_sleep(30)"), { ...limits, timeoutMs: 100 });
    expect(slow).toMatchObject({ ok: false, trouble: { why: "timeout" } });
    const { rows } = await connection.client.query(
      "select current_setting('statement_timeout') as s, current_setting('lock_timeout') as l, current_setting('transaction_read_only') as r",
    );
    expect(rows).toEqual([{ s: "0", l: "0", r: "off" }]);
    expect(connection.client.getTransactionStatus()).toBe("I");
  });

  test("a lock is not waited for longer than said", async () => {
    const other = new pg.Client({
      host: "127.0.0.1",
      port: server.port,
      user: "app",
      password: "secret",
      database: "postgres",
    });
    await other.connect();
    try {
      await other.query("begin; lock table item");
      expect(await ask("select id from public.item")).toMatchObject({
        ok: false,
        trouble: { why: "timeout" },
      });
    } finally {
      await other.end();
    }
  });
});

describe("what the server refuses is a value, and the next question is answered", () => {
  test.each([
    ["select id from public.hidden", "denied"],
    ["select 1 from pg_catalog.pg_dist_node", "missing"],
    ["select no_such_column from pg_catalog.pg_class", "missing"],
    ["select no_such_function()", "missing"],
    ["select 1 / 0", "failed"],
    ["selec", "failed"],
    ["select 1; select 2", "failed"],
    ["select $1::int", "failed"],
  ] as const)("%s: %s", async (text, why) => {
    expect(await ask(text)).toMatchObject({ ok: false, trouble: { why } });
    expect(await ask("select 1")).toEqual({ ok: true, value: [["1"]] });
  });
});

describe("throws", () => {
  test("when the connection is gone", async () => {
    await server.admin("select pg_terminate_backend($1)", [connection.backend.pid]);
    await expect(ask("select 1")).rejects.toThrow();
    await expect(ask("select 1")).rejects.toThrow();
  });

  test("when the answer weighs more than was said", async () => {
    await expect(ask("select repeat('x', 100000) from generate_series(1, 10)")).rejects.toThrow();
    expect(connection.inbound.breach).toMatchObject({ reason: "result", limit: limits.bytes });
  });

  test("when nothing comes back for long", async () => {
    connection.socket.pause();
    await expect(query(connection, statement("select 1"), { ...limits, timeoutMs: 100 })).rejects.toThrow();
  });

  test("inside a transaction of the person's, and leaves that alone", async () => {
    await connection.client.query("begin");
    await expect(ask("select 1")).rejects.toThrow("inside a transaction");
    expect(connection.client.getTransactionStatus()).toBe("T");
  });
});
