import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { endSession, serverActivity } from "#lib/activity/server-activity.ts";
import { waitTree } from "#lib/activity/wait-tree.ts";
import { problem } from "#lib/problems/problem.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { LiveClients } from "#lib/session/live-clients.ts";
import { openPlainly } from "#tests/support/open-plainly.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";

let server: SampleServer;
const clients = new LiveClients(openPlainly);
const others: pg.Client[] = [];

beforeAll(async () => {
  server = await startPostgres({
    users: [
      { name: "app", password: "secret" },
      { name: "other", password: "secret" },
    ],
    fill: {
      postgres: `create table item (id int primary key, n int); insert into item values (1, 0), (2, 0);
        grant all on item to app, other; create role shut;
        create schema relative; grant usage on schema relative to app;`,
    },
  });
});
afterEach(async () => {
  for (const client of others.splice(0)) await client.end().catch(() => undefined);
});
afterAll(async () => {
  clients.close({}, problem("cancelled"));
  await server?.stop();
});

/** Another session of the server. */
async function other(user = "app"): Promise<{ readonly client: pg.Client; readonly pid: number }> {
  const client = new pg.Client({
    host: "127.0.0.1",
    port: server.port,
    user,
    database: "postgres",
    password: "secret",
    application_name: "someone",
    ssl: false,
  });
  client.on("error", () => undefined);
  await client.connect();
  others.push(client);
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return { client, pid: rows[0]?.pid ?? 0 };
}

async function inSession<T>(
  work: (connection: Parameters<typeof serverActivity>[0]) => Promise<T>,
): Promise<T> {
  const profile = sampleProfile({ port: server.port, user: "app", password: "secret" });
  const who = { userId: "alice", sessionId: "one", profile, kind: "browse", mode: "read-only" } as const;
  const acquired = await clients.acquire(who);
  if (!acquired.ok) throw new Error(acquired.problem.problem.code);
  try {
    return await work(acquired.value.connection);
  } finally {
    acquired.value.release();
  }
}

async function look() {
  const told = await inSession(serverActivity);
  if (!told.ok) throw new Error(JSON.stringify(told.trouble));
  return told.value;
}

async function waiting(count: number) {
  const end = Date.now() + 5_000;
  for (;;) {
    const told = await look();
    if (told.sessions.filter(({ blockedBy }) => blockedBy.length > 0).length === count) return told;
    if (Date.now() > end) throw new Error(JSON.stringify(told.sessions));
  }
}

describe("who waits for whom", () => {
  test("a chain of three is told as one, by what they do and since when", async () => {
    const [first, second, third] = [await other(), await other(), await other()];
    for (const { client } of [first, second]) await client.query("begin");
    await first.client.query("update item set n = n + 1 where id = 1");
    await second.client.query("update item set n = n + 1 where id = 2");
    const blocked = second.client.query("update item set n = n + 1 where id = 1");
    await waiting(1);
    const last = third.client
      .query("update item set n = 7 where id = 2; alter role shut password 'pa55-Zq7'")
      .then(
        () => "done",
        ({ code }: { code: string }) => code,
      );
    const told = await waiting(2);
    const items = waitTree(told.sessions.map((session) => ({ ...session, whose: null })));
    expect(items.slice(0, 3).map(({ pid, depth, blocks }) => [pid, depth, blocks])).toEqual([
      [first.pid, 0, 2],
      [second.pid, 1, 1],
      [third.pid, 2, 0],
    ]);
    expect(items[0]?.session).toMatchObject({
      state: "idle in transaction",
      statementMs: null,
      user: "app",
      database: "postgres",
      application: "someone",
      client: "127.0.0.1",
      kind: "client backend",
    });
    expect(items[2]?.session).toMatchObject({ state: "active", waitType: "Lock" });
    expect(items[0]?.session?.transactionMs).toBeGreaterThanOrEqual(items[1]?.session?.transactionMs ?? 0);
    expect(JSON.stringify(told)).not.toContain("pa55-Zq7");
    expect(told).toMatchObject({ tellsBlocking: true, hidden: 0 });

    const { start = null } = items[2]?.session ?? {};
    const ends = (act: "cancel" | "end", pid: number, at = start) =>
      inSession((connection) => endSession(connection, { pid, start: at, act }));
    expect(await ends("cancel", third.pid, "1")).toEqual({ came: "gone" });
    expect(await ends("cancel", third.pid)).toEqual({ came: "sent" });
    expect(await last).toBe("57014");
    expect(await ends("end", first.pid, items[0]?.session?.start ?? null)).toEqual({ came: "sent" });
    await blocked;
    expect(await ends("end", first.pid, items[0]?.session?.start ?? null)).toEqual({ came: "gone" });
    await second.client.query("rollback");
  });

  test("two who wait for each other are a circle until the server ends it", async () => {
    await server.admin("alter system set deadlock_timeout = '30s'");
    await server.reload();
    const [one, two] = [await other(), await other()];
    await one.client.query("begin; update item set n = 1 where id = 1");
    await two.client.query("begin; update item set n = 1 where id = 2");
    const first = one.client.query("update item set n = 1 where id = 2").catch(() => undefined);
    const second = two.client.query("update item set n = 1 where id = 1").catch(() => undefined);
    const told = await waiting(2);
    const items = waitTree(told.sessions.map((session) => ({ ...session, whose: null })));
    expect(items.slice(0, 2).map(({ circle, depth }) => [circle, depth])).toEqual([
      [true, 0],
      [false, 1],
    ]);
    await inSession((connection) =>
      endSession(connection, { pid: one.pid, start: startOf(told, one.pid), act: "end" }),
    );
    await Promise.all([first, second]);
  });
});

describe("what the role may not", () => {
  test("see is counted, and do is the server's to refuse", async () => {
    const { pid } = await other("other");
    const told = await look();
    expect(told.hidden).toBe(1);
    const session = told.sessions.find((one) => one.pid === pid);
    expect(session).toMatchObject({
      user: "other",
      query: null,
      state: null,
      transactionMs: null,
      start: null,
    });
    for (const act of ["cancel", "end"] as const) {
      const outcome = await inSession((connection) => endSession(connection, { pid, start: null, act }));
      expect(outcome).toMatchObject({ came: "denied", message: expect.stringContaining("ermission") });
    }
    expect((await look()).sessions.some((one) => one.pid === pid)).toBe(true);
  });
});

describe("a relative of PostgreSQL", () => {
  test("that does not tell who waits tells the rest", async () => {
    await server.admin("revoke execute on function pg_blocking_pids(int) from public");
    const { pid } = await other();
    const told = await inSession(serverActivity);
    // Refused is not missing: it is said.
    expect(told).toMatchObject({ ok: true, value: { tellsBlocking: false } });
    expect(told.ok && told.value.sessions.some((one) => one.pid === pid)).toBe(true);
    await server.admin("grant execute on function pg_blocking_pids(int) to public");
  });

  test("that knows no sessions says so", async () => {
    await server.admin("revoke select on pg_stat_activity from public");
    expect(await inSession(serverActivity)).toMatchObject({ ok: false, trouble: { why: "denied" } });
    await server.admin("grant select on pg_stat_activity to public");
  });
});

function startOf(told: Awaited<ReturnType<typeof look>>, pid: number): string | null {
  return told.sessions.find((one) => one.pid === pid)?.start ?? null;
}
