import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { connect } from "#lib/connect/connect.ts";
import { problem } from "#lib/problems/problem.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { LiveClients } from "#lib/session/live-clients.ts";
import { runStatement } from "#lib/session/run-statement.ts";
import { statement } from "#lib/session/statement.ts";
import { cancelPlainly } from "#tests/support/open-plainly.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";

/** A read-only transaction may lock whole tables: what it holds, it holds no longer than its limit. */
let server: SampleServer;
let clients = new LiveClients(connect);

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password: "secret" }],
    fill: {
      postgres: `
        create table item (id int); alter table item owner to app;
        create function hold(seconds float) returns setof int language plpgsql as $$ begin
          lock table item in access exclusive mode;
          perform pg_sleep(seconds);
          return query select generate_series(1, 100000);
        end $$;`,
    },
  });
});
afterEach(() => {
  clients.close({}, problem("cancelled"));
  clients = new LiveClients(connect);
});
afterAll(() => server?.stop());

test.each([
  ["a statement that sleeps on it", "select hold(60)"],
  ["a block", "do $$ begin lock table item in access exclusive mode; perform pg_sleep(60); end $$"],
])("%s is ended by the server", async (_name, sql) => {
  const events = [];
  for await (const event of await run(sql)) events.push(event);
  expect(events.at(-1)).toMatchObject({ type: "error", stopped: null, error: { sqlstate: "57014" } });
  expect(await locks()).toBe(0);
});

test("a reader who does not read on is not waited for", async () => {
  const events = await run("select hold(0)");
  let last = await events.next();
  while (!last.done && last.value.type !== "rows") last = await events.next();
  expect(await locks()).toBeGreaterThan(0);
  while ((await locks()) > 0) await new Promise((resolve) => setImmediate(resolve));
  for (let next = await events.next(); !next.done; next = await events.next()) last = next;
  expect(last.value).toMatchObject({ type: "error", stopped: "too-long", problem: null });
});

async function locks(): Promise<number> {
  const rows = await server.admin(
    "select 1 from pg_locks where relation = 'item'::regclass and mode = 'AccessExclusiveLock' and granted",
  );
  return rows.length;
}

async function run(sql: string) {
  const session = await clients.acquire({
    kind: "browse",
    userId: "user-1",
    sessionId: "session-1",
    mode: "read-only" as const,
    profile: sampleProfile({ port: server.port }),
    dial: { network: { allowLoopback: true } },
  });
  if (!session.ok) throw new Error(session.problem.problem.code);
  const { signal } = new AbortController();
  const cancel = () => cancelPlainly(server.port, session.value.connection.backend);
  const asked = {
    statement: statement(sql),
    readOnly: true,
    rowCap: 100_000,
    timeoutMs: 500,
    signal,
    cancel,
  };
  return runStatement(session.value, asked);
}
