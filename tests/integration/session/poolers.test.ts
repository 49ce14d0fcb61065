import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { changeSet } from "#lib/change/change-set.ts";
import { changeTarget } from "#lib/change/change-target.ts";
import { runChanges } from "#lib/change/run-changes.ts";
import { cancelBackend } from "#lib/connect/cancel-backend.ts";
import { connect } from "#lib/connect/connect.ts";
import { problem } from "#lib/problems/problem.ts";
import { randomId } from "#lib/random-id.ts";
import { makeCertificate, type SampleCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { holdsNothing } from "#lib/session/held.ts";
import { LiveClients } from "#lib/session/live-clients.ts";
import type { RunEvent } from "#lib/session/run-events.ts";
import { runStatement } from "#lib/session/run-statement.ts";
import { sessionFacts } from "#lib/session/session-facts.ts";
import { pgbouncer, startPgbouncer } from "#tests/support/pgbouncer.ts";
import type { Pooler } from "#tests/support/pooler.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";
import { startSmallPooler } from "#tests/support/small-pooler.ts";

/** Behind a pooler, a server session belongs to others between two transactions: what is left there reaches them. */
let server: SampleServer;
let root: SampleCertificate;
let leaf: SampleCertificate;
let pooler: Pooler | undefined;
let clients = new LiveClients(connect);
const others: pg.Client[] = [];
const dial = { network: { allowLoopback: true } };

beforeAll(async () => {
  root = await makeCertificate({ commonNames: ["Root"], ca: true });
  leaf = await makeCertificate({ dns: ["localhost"], ip: ["127.0.0.1"], issuer: root });
  server = await startPostgres({
    users: [{ name: "app", password: "secret" }],
    settings: { max_prepared_transactions: 5 },
    fill: { postgres: "create table item (id int primary key); alter table item owner to app;" },
  });
});
afterEach(async () => {
  clients.close({}, problem("cancelled"));
  clients = new LiveClients(connect);
  await Promise.all(others.splice(0).map((client) => client.end().catch(() => undefined)));
  await pooler?.stop();
  pooler = undefined;
  await server.admin("truncate item");
});
afterAll(() => server?.stop());

const poolers = [
  { name: "a small pooler", start: startSmallPooler, here: true },
  {
    name: pgbouncer === undefined ? "PgBouncer (NOT TESTED: it is not installed here)" : "PgBouncer",
    start: startPgbouncer,
    here: pgbouncer !== undefined,
  },
];
const shapes = poolers.flatMap((one) =>
  (["transaction", "statement"] as const).flatMap((mode) =>
    [1, 2].map((poolSize) => ({ ...one, mode, poolSize })),
  ),
);

test("a session of one's own is told from a shared one", async () => {
  const session = await acquire("read-only", server.port);
  expect(session.learned.shared).toBe(false);
  session.release();
});

test("a pooler in disguise is found out by another backend that answers", async () => {
  pooler = await startSmallPooler({
    upstream: server.port,
    mode: "transaction",
    poolSize: 2,
    certificate: leaf,
    disguised: true,
  });
  const session = await acquire("read-only");
  expect(session.learned.shared).toBe(false);
  session.release();
  // The first server session is busy: the next goes to the second, where somebody has something.
  const first = await otherClient();
  await first.query("begin");
  const second = await otherClient();
  await second.query("prepare theirs as select 1");
  expect((await run("select 1", { readOnly: true })).at(-1)).toMatchObject({ type: "done" });
  expect(session.learned.shared).toBe(true);
  const { rows } = await second.query("select name from pg_prepared_statements where from_sql");
  expect(rows).toEqual([{ name: "theirs" }]);
});

for (const { name, start, here, mode, poolSize } of shapes) {
  describe.skipIf(!here)(`${name}, ${mode} mode, ${poolSize} server session(s), TLS`, () => {
    beforeEach(async () => {
      pooler = await start({ upstream: server.port, mode, poolSize, certificate: leaf });
      // PgBouncer opens a server session when it needs one more.
      const waiting = Array.from({ length: poolSize }, async () =>
        (await otherClient()).query("select pg_sleep($1)", [poolSize === 1 ? 0 : 0.1]),
      );
      await Promise.all(waiting);
    });

    test("is told by what it does", async () => {
      const session = await acquire("read-only");
      expect(session.connection.report.tls).toMatchObject({ verified: "full" });
      expect(session.learned.shared).toBe(true);
      expect((await sessionFacts(session)).unbound).toEqual([]);
      session.release();
    });

    test("nothing of ours outlives its own transaction", async () => {
      for (let round = 1; round <= 3; round += 1) {
        // A BEGIN makes PgBouncer end the server session itself in statement mode.
        if (mode === "transaction") await run("select 1", { readOnly: true, timeoutMs: 60_000 });
        await run("select count(*) from item", { timeoutMs: 60_000 });
        await run("insert into item values ($1)", { timeoutMs: 60_000, values: [String(round)] });
        await run("select 1 / 0", { timeoutMs: 60_000 });
        await run("vacuum item", { timeoutMs: 60_000 });
        const session = await acquire("read-only");
        await sessionFacts(session);
        session.release();
      }
      const found = await everySession();
      expect(new Set(found.map(({ pid }) => pid)).size).toBe(poolSize);
      for (const one of found) {
        expect(one).toMatchObject({
          statement_timeout: "0",
          lock_timeout: "0",
          idle: "0",
          read_only: "off",
          search_path: '"$user", public',
          prepared: "0",
          listening: "0",
        });
      }
      expect(await advisoryLocks()).toEqual([]);
    });

    test.runIf(mode === "transaction")(
      "a set of changes is one transaction, and empties nobody's session",
      async () => {
        await (await otherClient()).query("prepare theirs as select 1");
        for (const kind of ["try", "apply"] as const) {
          const session = await acquire("read-write");
          const set = changeSet.parse({
            schema: "public",
            table: "item",
            rev: 1,
            id: randomId(),
            key: ["id"],
            changes: [{ kind: "insert", cells: [{ column: "id", value: "7" }] }],
          });
          const target = await changeTarget(session.connection, set);
          if (!target.ok || target.value === null) throw new Error(JSON.stringify(target));
          const control = { signal: new AbortController().signal, cancel: async () => undefined };
          const answer = await runChanges(session, target.value, set, kind, {
            ...control,
            reopen: async () => undefined,
          });
          expect(answer).toMatchObject({ value: { outcome: kind === "try" ? "tried" : "applied" } });
        }
        expect(await server.admin("select id from item")).toEqual([{ id: 7 }]);
        const found = await everySession();
        expect(found.map(({ prepared }) => prepared).sort()).toEqual(poolSize === 1 ? ["1"] : ["0", "1"]);
        for (const one of found)
          expect(one).toMatchObject({
            statement_timeout: "0",
            lock_timeout: "0",
            search_path: '"$user", public',
          });
      },
    );

    test("a tab is told that nothing of its session lasts", async () => {
      for (let round = 1; round <= poolSize; round += 1) {
        const told = (await run("select set_config('lock_timeout', '4s', true)")).find(
          ({ type }) => type === "session",
        );
        expect(told).toMatchObject({ session: { shared: true, held: holdsNothing, endsInMs: null } });
      }
    });

    test("what others have on the session stays", async () => {
      const other = await otherClient();
      await other.query("prepare theirs as select 1");
      await other.query("select pg_advisory_lock(7)");
      await other.query("set work_mem = '7MB'");
      const runs = 2 * poolSize;
      for (let round = 1; round <= runs; round += 1) {
        await run("select 1");
        await run("vacuum item");
        if (mode === "statement") continue;
        await run("select 1", { readOnly: true });
        await run("select 1 / 0", { readOnly: true });
      }
      const found = await everySession();
      expect(found.filter(({ prepared, work_mem }) => prepared === "1" && work_mem === "7MB")).toHaveLength(
        1,
      );
      expect(await advisoryLocks()).toEqual([{ objid: 7 }]);
    });

    test("a run that writes has its limits all the same, and its values", async () => {
      const asked = "select current_setting('statement_timeout'), current_setting('lock_timeout'), $1::text";
      const events = await run(asked, { timeoutMs: 20_000, values: ["it's"] });
      expect(rowsOf(events)).toEqual([["20s", "5s", "it's"]]);
      expect(events.some(({ type }) => type === "notice")).toBe(false);
      const slow = await run("select pg_sleep(30)", { timeoutMs: 300 });
      expect(slow.at(-1)).toMatchObject({ type: "error", stopped: null, error: { sqlstate: "57014" } });
      expect((await run("select 1")).at(-1)).toMatchObject({ type: "done" });
    });

    // One test for all rows of a table: each test has a pooler of its own, which takes longer than the rows.
    test("what may stand in no transaction is run", async () => {
      for (const sql of ["vacuum item", "vacuum (analyze) item", "reindex table concurrently item"]) {
        const events = await run(sql);
        expect(events.at(-1), sql).toMatchObject({ type: "done", transaction: "none" });
      }
    });

    test("a cancellation ends a statement", async () => {
      const events = await run("select pg_sleep(30)", { cancelWhen: "started" });
      // By the server's own word: not because the connection was cut when the cancellation did not arrive.
      const said = { sqlstate: "57014" };
      expect(events.at(-1)).toMatchObject({ type: "error", stopped: "cancelled", error: said });
    });

    if (mode === "statement") {
      test("its own refusal of transactions is what is shown", async () => {
        const said = {
          type: "error",
          problem: null,
          error: { message: expect.stringContaining("transaction blocks not allowed") },
        };
        expect((await run("select 1", { readOnly: true })).at(-1)).toMatchObject(said);
        expect((await run("begin")).at(-1)).toMatchObject(said);
        expect((await run("select 1")).at(-1)).toMatchObject({ type: "done" });
      });
      return;
    }

    test("the person's own transaction goes over several runs, with its limits", async () => {
      await run("begin", { timeoutMs: 20_000 });
      expect((await run("insert into item values (1)")).at(-1)).toMatchObject({
        type: "done",
        transaction: "open",
      });
      const inside = await run("select current_setting('statement_timeout')", { timeoutMs: 20_000 });
      expect(rowsOf(inside)).toEqual([["20s"]]);
      expect((await run("rollback")).at(-1)).toMatchObject({ type: "done", transaction: "none" });
      expect(await server.admin("select count(*)::int as n from item")).toEqual([{ n: 0 }]);
    });

    test("and begins as it likes", async () => {
      for (const sql of [
        "begin isolation level serializable",
        "begin transaction read only",
        "start transaction isolation level repeatable read, read write",
      ]) {
        expect((await run(sql)).at(-1), sql).toMatchObject({ type: "done", transaction: "open" });
        const level = await run(
          "select current_setting('transaction_isolation'), current_setting('lock_timeout')",
        );
        expect(rowsOf(level)[0]?.[1], sql).toBe("5s");
        expect((await run("commit")).at(-1), sql).toMatchObject({ type: "done", transaction: "none" });
      }
    });

    test("a read-only run leaves nothing of the person's", async () => {
      for (const sql of [
        "prepare mine as select 1",
        'prepare "Odd ""name""" as select 1',
        "select pg_advisory_lock(8)",
        "select pg_advisory_lock(8), 1 / 0",
        "set work_mem = '9MB'",
        "select set_config('work_mem', '9MB', false)",
        "listen something",
        "declare c cursor with hold for select 1",
        "create temp table t (id int)",
        "commit",
        "commit and chain",
      ]) {
        for (let round = 1; round <= poolSize; round += 1) await run(sql, { readOnly: true });
        for (const one of await everySession()) {
          const nothing = { prepared: "0", listening: "0", cursors: "0", work_mem: "4MB" };
          expect(one, sql).toMatchObject(nothing);
        }
        expect(await advisoryLocks(), sql).toEqual([]);
      }
    });

    test("read-only writes nothing, and prepares no transaction", async () => {
      for (const sql of [
        "insert into item values (5)",
        "prepare transaction 'left behind'",
        "set transaction read write",
      ])
        expect((await run(sql, { readOnly: true })).at(-1)).toMatchObject({ type: "error" });
      expect(await server.admin("select gid from pg_prepared_xacts")).toEqual([]);
      expect(await server.admin("select count(*)::int as n from item")).toEqual([{ n: 0 }]);
    });
  });
}

interface Asked {
  readonly readOnly?: boolean;
  readonly timeoutMs?: number;
  readonly values?: readonly (string | null)[];
  readonly cancelWhen?: "started";
}

async function run(text: string, asked: Asked = {}): Promise<RunEvent[]> {
  const { readOnly = false, timeoutMs = 10_000, values = [] } = asked;
  const session = await acquire(readOnly ? "read-only" : "read-write");
  const stop = new AbortController();
  const cancel = async () => {
    const sent = await cancelBackend(profileOf(), session.connection, dial);
    if (!sent.ok) throw new Error(sent.problem.code);
  };
  const events: RunEvent[] = [];
  const statement = { text, values };
  const running = runStatement(session, {
    statement,
    readOnly,
    rowCap: 100,
    timeoutMs,
    signal: stop.signal,
    cancel,
  });
  if (asked.cancelWhen !== undefined) {
    const isAsleep =
      "select 1 from pg_stat_activity where query like '%pg_sleep(30)' and wait_event = 'PgSleep'";
    void (async () => {
      while ((await server.admin(isAsleep)).length === 0)
        await new Promise((resolve) => setImmediate(resolve));
      stop.abort();
    })();
  }
  for await (const event of running) events.push(event);
  return events;
}

async function acquire(mode: "read-only" | "read-write", port = pooler?.port ?? 0) {
  const session = await clients.acquire({
    userId: "user-1",
    sessionId: "session-1",
    kind: "tab",
    tab: { id: "view-1", lease: "lease-1", name: "" },
    mode,
    dial,
    profile: port === server.port ? sampleProfile({ port }) : profileOf(),
  });
  if (!session.ok) throw new Error(JSON.stringify(session.problem.problem));
  return session.value;
}

function profileOf() {
  const { tls, ...plain } = sampleProfile({ port: pooler?.port ?? 0 });
  return { ...plain, tls: { ...tls, mode: "verify-full" as const, ca: root.pem } };
}

async function otherClient(): Promise<pg.Client> {
  const settings = { host: "127.0.0.1", port: pooler?.port ?? 0, user: "app", password: "secret" };
  const client = new pg.Client({ ...settings, database: "postgres", ssl: { ca: root.pem } });
  client.on("error", () => undefined);
  await client.connect();
  others.push(client);
  return client;
}

/** What every server session of the pool has, asked by as many others at once. */
async function everySession(): Promise<readonly Readonly<Record<string, string>>[]> {
  const sessions = (await server.admin(poolSessions)).length;
  const clientsOfAll = await Promise.all(Array.from({ length: sessions }, () => otherClient()));
  const found = new Map<string, Readonly<Record<string, string>>>();
  // Each is held for a while, so that the next question goes to another; a busy machine needs a longer one. One that
  // is just being ended by the pooler is never reached.
  for (const seconds of sessions === 1 ? [0] : [0.1, 0.5, 1.5]) {
    for (const one of await Promise.all(clientsOfAll.map((client) => sessionState(client, seconds))))
      found.set(one.pid ?? "", one);
    if (found.size === sessions) break;
  }
  return [...found.values()];
}

async function sessionState(client: pg.Client, seconds: number): Promise<Readonly<Record<string, string>>> {
  const { rows } = await client.query(`
    select pg_backend_pid()::text as pid, current_setting('statement_timeout') as statement_timeout,
           current_setting('lock_timeout') as lock_timeout,
           current_setting('idle_in_transaction_session_timeout') as idle,
           current_setting('default_transaction_read_only') as read_only,
           current_setting('search_path') as search_path, current_setting('work_mem') as work_mem,
           (select count(*)::text from pg_prepared_statements where from_sql) as prepared,
           (select count(*)::text from pg_cursors where is_holdable) as cursors,
           (select count(*)::text from pg_listening_channels()) as listening,
           pg_sleep(${seconds})::text`);
  return rows[0];
}

const poolSessions = "select pid from pg_stat_activity where usename = 'app'";

function advisoryLocks() {
  return server.admin("select objid::int from pg_locks where locktype = 'advisory' order by objid");
}

function rowsOf(events: readonly RunEvent[]) {
  return events.flatMap((event) => (event.type === "rows" ? event.rows : []));
}
