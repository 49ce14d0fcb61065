import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connect, testConnection } from "#lib/connect/connect.ts";
import { explainStatement } from "#lib/plan/explain-statement.ts";
import { problem } from "#lib/problems/problem.ts";
import { makeCertificate, type SampleCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { holdsNothing } from "#lib/session/held.ts";
import { LiveClients } from "#lib/session/live-clients.ts";
import { query } from "#lib/session/query.ts";
import type { RunEvent } from "#lib/session/run-events.ts";
import { runStatement } from "#lib/session/run-statement.ts";
import { sessionFacts } from "#lib/session/session-facts.ts";
import { statement } from "#lib/session/statement.ts";
import { statementAdvice } from "#lib/session/statement-advice.ts";
import { enterTransfer } from "#lib/transfer/transfer-frame.ts";
import {
  type FrontOptions,
  type FrontServer,
  ignored,
  type Refusal,
  startFront,
} from "#tests/support/front-server.ts";
import { cancelPlainly } from "#tests/support/open-plainly.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";
import { type WireSettings, wireProfile } from "#tests/support/wire-profile.ts";

/**
 * Relatives of PostgreSQL (D: Aurora DSQL; CockroachDB, YugabyteDB, Redshift) lack some of its catalogues, functions
 * and settings. What is only nice to have must never cost the connection.
 */
let server: SampleServer;
let root: SampleCertificate;
let leaf: SampleCertificate;
const dsqlHost = `${"abcdefghijklm".repeat(2)}.dsql.us-east-1.on.aws`;
const fronts: FrontServer[] = [];
let clients = new LiveClients(connect);

beforeAll(async () => {
  root = await makeCertificate({ commonNames: ["Root"], ca: true });
  leaf = await makeCertificate({ dns: [dsqlHost], issuer: root });
  server = await startPostgres({
    users: [{ name: "app", password: "secret" }],
    settings: { max_prepared_transactions: 5, deadlock_timeout: "50ms" },
    fill: {
      postgres: `create table item (id int primary key); insert into item values (1); grant all on item to app;`,
    },
  });
});
afterEach(async () => {
  clients.close({}, problem("cancelled"));
  clients = new LiveClients(connect);
  await Promise.all(fronts.splice(0).map((front) => front.stop()));
});
afterAll(() => server?.stop());

const missing = (statement: RegExp): Refusal => ({
  statement,
  sqlstate: "42883",
  message: "function does not exist",
});
/** Aurora DSQL's own words. */
const noSetting = (statement: RegExp, name: string): Refusal => ({
  statement,
  sqlstate: "0A000",
  message: `setting configuration parameter "${name}" not supported`,
});

/** As far as is told of each; what is not refused here, the real server answers. */
const relatives: Readonly<Record<string, readonly Refusal[]>> = {
  "Aurora DSQL": [
    missing(/pg_stat_get_activity|pg_postmaster_start_time|pg_stat_ssl/),
    noSetting(/^ *set (local )?(statement_timeout|lock_timeout|idle_in)/, "statement_timeout"),
    missing(/pg_advisory/),
    { statement: /^ *(listen|discard|deallocate|savepoint)/, sqlstate: "0A000", message: "not supported" },
    missing(/pg_has_role|pg_extension/),
  ],
  CockroachDB: [
    missing(/pg_stat_get_activity|pg_stat_ssl/),
    { statement: /^ *listen/, sqlstate: "0A000", message: "unimplemented" },
  ],
  Redshift: [
    missing(/pg_stat_get_activity|pg_postmaster_start_time|pg_stat_ssl|transaction_read_only/),
    {
      statement: /^ *set (local )?(lock_timeout|idle_in)/,
      sqlstate: "42704",
      message: 'unrecognized configuration parameter "lock_timeout"',
    },
    missing(/pg_advisory|pg_has_role|pg_extension|format_type/),
    { statement: /^ *(listen|discard)/, sqlstate: "42601", message: "syntax error" },
  ],
  "one that forgets SET LOCAL outside of BEGIN": [
    missing(/pg_stat_get_activity|pg_stat_ssl/),
    { statement: /^ *set (local|transaction)/, sqlstate: ignored, message: "", parsed: true },
  ],
  "one that answers select 1 and no more": [
    { statement: /^(?!.*\b(select 1|begin|rollback|item)\b)/s, sqlstate: "0A000", message: "no" },
  ],
};

describe.each(Object.entries(relatives))("%s (D)", (name, refuses) => {
  test("the connection stands, and says what the server does not tell", async () => {
    const front = await frontWith({ refuses });
    const report = await testConnection(profileOf(front), { network: { allowLoopback: true } });
    expect(report.problem).toBeNull();
    expect(report.server).toMatchObject({ user: "app", database: "postgres", sees: null });
    const session = await acquire(front);
    const facts = await sessionFacts(session);
    expect(facts.latencyMs).toBeGreaterThan(0);
    expect(facts.unbound === null || facts.unbound.length === 0).toBe(true);
    session.release();
  });

  test("a question of the console's own is answered in safety, or says why not (D)", async () => {
    const front = await frontWith({ refuses });
    const session = await acquire(front);
    const { connection } = session;
    const limits = { timeoutMs: 5_000, lockTimeoutMs: 1_000, bytes: 64 * 1024 };
    const safe = "select current_setting('search_path'), $1::text";
    for (let round = 1; round <= 2; round += 1) {
      const answer = await query(connection, statement(safe, "it's"), limits);
      if (answer.ok) expect(answer.value).toEqual([["pg_catalog, pg_temp", "it's"]]);
      else expect(answer.trouble).toMatchObject({ why: "failed", message: "no" });
      expect(answer.ok || name.startsWith("one that answers")).toBe(true);
      expect((await query(connection, statement("insert into public.item values (9)"), limits)).ok).toBe(
        false,
      );
    }
    expect((await connection.client.query("select 1 as one")).rows).toEqual([{ one: "1" }]);
    session.release();
  });

  test("runs statements, and keeps the client for the next", async () => {
    const front = await frontWith({ refuses });
    for (const readOnly of [true, false]) {
      const first = await run(front, "select id from item", readOnly);
      expect(first.at(-1)).toMatchObject({ type: "done", rows: 1 });
      const second = await run(front, "select id from item", readOnly);
      expect(second.at(-1)).toMatchObject({ type: "done", rows: 1 });
      expect(second[0]).toMatchObject({ type: "started", opened: null });
    }
  });

  test("what a tab's session holds is told as far as the server tells it, and costs no session (D)", async () => {
    const front = await frontWith({ refuses });
    const before = (await run(front, "update item set id = 1", false)).find(({ type }) => type === "session");
    expect(before).toMatchObject({ session: { held: holdsNothing } });
    const set = await run(front, "set /* item */ work_mem = '8MB'", false);
    expect(set.at(-1)).toMatchObject({ type: "done", tag: "SET" });
    const settings = name.startsWith("one that answers") ? [] : ["work_mem"];
    expect(set.find(({ type }) => type === "session")).toMatchObject({ session: { held: { settings } } });
    if (settings.length > 0) {
      const shown = await run(front, "select current_setting('work_mem')", true);
      expect(shown.flatMap((event) => (event.type === "rows" ? event.rows : []))).toEqual([["8MB"]]);
      // Those that know neither LISTEN nor such locks have no prepared transactions either.
      const prepares = /DSQL|Redshift/.test(name) ? [] : ["prepare transaction 'left behind'"];
      for (const sql of ["insert into item values (7)", ...prepares])
        expect((await run(front, sql, true)).at(-1), sql).toMatchObject({ type: "error" });
      expect(await server.admin("select from pg_prepared_xacts")).toEqual([]);
      expect(await server.admin("select from pg_locks where locktype = 'advisory'")).toEqual([]);
    }
    const again = await run(front, "update item set id = 1", false);
    expect(again[0]).toMatchObject({ type: "started", opened: null });
  });

  test("read-only is the server's own, still", async () => {
    const front = await frontWith({ refuses });
    for (const sql of ["delete from item", "set transaction read write", "delete from item returning id"]) {
      await run(front, sql, true);
    }
    expect(await server.admin("select count(*)::int as items from item")).toEqual([{ items: 1 }]);
    expect((await run(front, "insert into item values (2)", false)).at(-1)).toMatchObject({ affected: 1 });
    expect((await run(front, "delete from item where id = 2", false)).at(-1)).toMatchObject({ affected: 1 });
  });
});

describe("Aurora DSQL over TLS (D1, D2, D6)", () => {
  const startsOnly: FrontOptions["refusesStart"] = ({ sni, parameters }) => {
    if (sni === null) {
      return { sqlstate: "08006", message: "unable to accept connection, sni was not received" };
    }
    const others = [...parameters.keys()].filter(
      (name) => !["user", "database", "client_encoding", "application_name"].includes(name),
    );
    return others[0] === undefined
      ? undefined
      : { sqlstate: "0A000", message: `setting configuration parameter "${others[0]}" not supported` };
  };

  test.each(["postgres", "direct"] as const)(
    "%s negotiation: SNI goes along, nothing unknown is sent",
    async (negotiation) => {
      const front = await dsql();
      const report = await attempt(front, { tls: { negotiation } });
      expect(report.problem).toBeNull();
      expect(report.tls).toMatchObject({ verified: "full", sni: dsqlHost, negotiation });
      expect(front.starts).toHaveLength(1);
      expect(front.starts[0]).toMatchObject({ sni: dsqlHost, direct: negotiation === "direct" });
      expect([...(front.starts[0]?.parameters.keys() ?? [])].sort()).toEqual([
        "application_name",
        "client_encoding",
        "database",
        "user",
      ]);
    },
  );

  test("a session without SNI or with options is refused in its own words' meaning", async () => {
    const front = await dsql();
    const silent = await attempt(front, { tls: { sni: false } });
    expect(silent.problem).toMatchObject({ code: "auth-sni-required" });
    expect(silent.problem?.fixes[0]).toMatchObject({ id: "send-sni", change: { sni: true } });
    const wordy = await attempt(front, { more: { options: "-c geqo=off" } });
    expect(wordy.problem).toMatchObject({
      code: "startup-parameter-refused",
      facts: { parameter: "options" },
    });
    expect(wordy.problem?.fixes[0]).toMatchObject({ id: "drop-options", change: { options: "" } });
  });

  const dsql = () =>
    frontWith({ certificate: leaf, refuses: relatives["Aurora DSQL"] ?? [], refusesStart: startsOnly });

  function attempt(front: FrontServer, { tls, more }: Pick<WireSettings, "tls" | "more">) {
    const profile = wireProfile({
      port: front.port,
      host: dsqlHost,
      address: "127.0.0.1",
      password: "secret",
      tls: { ca: root.pem, ...tls },
      ...(more === undefined ? {} : { more }),
    });
    return testConnection(profile, { network: { allowLoopback: true } });
  }
});

describe("conflicts (D)", () => {
  test("two serializable transactions: the loser's error asks for another try, which succeeds", async () => {
    const front = await frontWith({});
    await server.admin(
      "create table stock (id int primary key, n int); insert into stock values (1, 0), (2, 0)",
    );
    await server.admin("grant all on stock to app");
    const other = await otherClient();
    try {
      const begin = "begin isolation level serializable";
      await run(front, begin, false);
      await other.query(begin);
      await run(front, "select sum(n) from stock", false);
      await other.query("select sum(n) from stock");
      await run(front, "update stock set n = 1 where id = 1", false);
      await other.query("update stock set n = 1 where id = 2");
      await other.query("commit");
      const events = await run(front, "commit", false);
      expect(adviceOf(events)).toEqual({ id: "serialization", again: true });
      expect(events.at(-1)).toMatchObject({ transaction: "none", error: { sqlstate: "40001" } });
      const again = await run(front, "update stock set n = 1 where id = 1", false);
      expect(again.at(-1)).toMatchObject({ type: "done", affected: 1 });
    } finally {
      await other.end();
    }
  });

  test("a deadlock", async () => {
    const front = await frontWith({});
    const other = await otherClient();
    try {
      await run(front, "begin", false);
      await run(front, "select pg_advisory_xact_lock(1)", false);
      await other.query("begin");
      await other.query("select pg_advisory_xact_lock(2)");
      const waiting = other.query("select pg_advisory_xact_lock(1)").catch((error: unknown) => error);
      // The other has looked for a deadlock by then, and looks but once: the one that closes the circle is ended.
      await sleep(150);
      const events = await run(front, "select pg_advisory_xact_lock(2)", false);
      expect(adviceOf(events)).toEqual({ id: "deadlock", again: true });
      await run(front, "rollback", false);
      await waiting;
    } finally {
      await other.end();
    }
  });

  test("Aurora DSQL's own words, as they come over the wire", async () => {
    const refuses: Refusal[] = [
      {
        statement: /^update item/,
        sqlstate: "40001",
        message: "change conflicts with another transaction, please retry: (OC000)",
      },
      {
        statement: /^insert into item/,
        sqlstate: "40001",
        message: "schema has been updated by another transaction, please retry: (OC001)",
      },
    ];
    const front = await frontWith({ refuses });
    const update = await run(front, "update item set id = 3", false);
    expect(adviceOf(update)).toEqual({ id: "conflict-data", again: true });
    const insert = await run(front, "insert into item values (3)", false);
    expect(adviceOf(insert)).toEqual({ id: "conflict-schema", again: true });
  });

  async function otherClient() {
    const { port } = server;
    const settings = { host: "127.0.0.1", port, user: "app", password: "secret", database: "postgres" };
    const client = new pg.Client(settings);
    await client.connect();
    return client;
  }

  function adviceOf(events: readonly RunEvent[]) {
    const last = events.at(-1);
    return last?.type === "error" && last.error !== null ? statementAdvice(last.error, false) : undefined;
  }
});

test("a role that may not take advisory locks leaves no prepared transaction behind a read-only run", async () => {
  const front = await frontWith({ refuses: [missing(/pg_advisory/)] });
  const events = await run(front, "prepare transaction 'left behind'", true);
  expect(events.at(-1)).toMatchObject({ type: "error" });
  expect(await server.admin("select gid from pg_prepared_xacts")).toEqual([]);
  expect((await run(front, "select 1", true)).at(-1)).toMatchObject({ type: "done" });
});

test("a pooler in statement mode: its own refusal, not that somebody hung up", async () => {
  const message = "transaction blocks not allowed in statement pooling mode";
  const front = await frontWith({ hangsUpAt: { statement: /^begin/, sqlstate: "08P01", message } });
  expect((await run(front, "select 1", true)).at(-1)).toMatchObject({
    type: "error",
    problem: null,
    stopped: null,
    error: { sqlstate: "08P01", message },
  });
  expect((await run(front, "select 1", false)).at(-1)).toMatchObject({ type: "done", rows: 1 });
});

test("the settings a server does take are kept: its own statement timeout ends a statement", async () => {
  const front = await frontWith({ refuses: relatives.Redshift ?? [] });
  for (const readOnly of [true, false]) {
    const asked = await run(front, "select current_setting('statement_timeout')", readOnly, 300);
    expect(asked).toContainEqual(expect.objectContaining({ type: "rows", rows: [["300ms"]] }));
    const events = await run(front, "select pg_sleep(30)", readOnly, 300);
    expect(events.at(-1)).toMatchObject({ type: "error", stopped: null, error: { sqlstate: "57014" } });
  }
});

describe("a question for the names of types that the server refuses", () => {
  const refusal = missing(/join pg_catalog\.pg_type t on/);

  test("is not asked in a transaction of the person's, where something of ours was refused before", async () => {
    const front = await frontWith({ refuses: [...(relatives.Redshift ?? []), refusal] });
    await run(front, "begin", false);
    const last = (await run(front, "select null::information_schema.yes_or_no[] as n", false)).at(-1);
    expect(last).toMatchObject({ type: "done", transaction: "open" });
    expect((await run(front, "select 1", false)).at(-1)).toMatchObject({ type: "done", transaction: "open" });
  });

  test("is told as what it made of the transaction", async () => {
    const front = await frontWith({ refuses: [refusal] });
    await run(front, "begin", false);
    const last = (await run(front, "select null::information_schema.yes_or_no[] as n", false)).at(-1);
    expect(last).toMatchObject({ type: "done", transaction: "failed" });
    expect((await run(front, "rollback", false)).at(-1)).toMatchObject({ type: "done", transaction: "none" });
  });
});

describe("in a transaction of the person's, what the server refuses of ours", () => {
  test("for the plan of any value leaves it open", async () => {
    const front = await frontWith({ refuses: [missing(/plan_cache_mode/)] });
    await run(front, "begin", false);
    const session = await acquire(front, "read-write");
    const answer = await explainStatement(session, {
      sql: "select $1::int",
      values: null,
      parameters: 1,
      kind: "plan",
      writes: false,
      timeoutMs: 5_000,
      signal: new AbortController().signal,
      cancel: async () => undefined,
    });
    expect(answer).toMatchObject({ ok: false, problem: { why: "refused" } });
    expect((await run(front, "select 1", false)).at(-1)).toMatchObject({ type: "done", transaction: "open" });
  });

  test("for a transfer leaves it open", async () => {
    const front = await frontWith({ refuses: [missing(/^ *set local transaction_read_only/)] });
    await run(front, "begin", false);
    const session = await acquire(front, "read-write");
    const frame = {
      inTransaction: true,
      outputs: false,
      operatorSchemas: [],
      systemNamesOnly: false,
      timeZone: undefined,
    };
    expect(await enterTransfer(session, frame)).toMatchObject({ ok: false });
    expect((await run(front, "select 1", false)).at(-1)).toMatchObject({ type: "done", transaction: "open" });
  });
});

test("where there is no statement timeout the console's own ends a read-only run, at once", async () => {
  const front = await frontWith({ refuses: [missing(/^ *set (local )?statement_timeout/)] });
  const end = (await run(front, "select pg_sleep(30)", true, 300)).at(-1);
  expect(end).toMatchObject({ type: "error", stopped: "too-long", error: { sqlstate: "57014" } });
  expect(end?.type === "error" && end.ms).toBeLessThan(3_000);
});

async function frontWith(options: Omit<FrontOptions, "upstream">): Promise<FrontServer> {
  const front = await startFront({ upstream: server.port, errorsAheadMs: 3, ...options });
  fronts.push(front);
  return front;
}

function profileOf(front: FrontServer) {
  return sampleProfile({ port: front.port });
}

async function acquire(front: FrontServer, mode: "read-only" | "read-write" = "read-only") {
  const session = await clients.acquire({
    userId: "user-1",
    sessionId: "session-1",
    kind: "tab",
    tab: { id: "view-1", lease: "lease-1", name: "" },
    profile: profileOf(front),
    mode,
    dial: { network: { allowLoopback: true } },
  });
  if (!session.ok) throw new Error(JSON.stringify(session.problem.problem));
  return session.value;
}

async function run(
  front: FrontServer,
  sql: string,
  readOnly: boolean,
  timeoutMs = 5_000,
): Promise<RunEvent[]> {
  const session = await acquire(front, readOnly ? "read-only" : "read-write");
  const events: RunEvent[] = [];
  const { signal } = new AbortController();
  const cancel = () => cancelPlainly(front.port, session.connection.backend);
  for await (const event of runStatement(session, {
    statement: { text: sql, values: [] },
    readOnly,
    rowCap: 100,
    timeoutMs,
    signal,
    cancel,
  })) {
    events.push(event);
  }
  return events;
}
