import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { citusCluster } from "#lib/citus/citus-cluster.ts";
import type { CitusAsk, CitusReport } from "#lib/citus/citus-report.ts";
import { problem } from "#lib/problems/problem.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { citusVersion } from "#lib/session/citus-version.ts";
import { LiveClients } from "#lib/session/live-clients.ts";
import { sessionFacts } from "#lib/session/session-facts.ts";
import { citusShape } from "#tests/support/citus-shape.ts";
import { openPlainly } from "#tests/support/open-plainly.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";

/** Citus (H) cannot be built here: its catalogues are, on a real PostgreSQL, in the shapes of several versions. */
let server: SampleServer;
let clients = new LiveClients(openPlainly);

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password: "secret" }],
    databases: ["citus13", "citus10", "citus9", "worker", "many", "closed"],
    fill: {
      citus13: citusShape("13"),
      citus10: citusShape("10"),
      citus9: citusShape("9"),
      worker: citusShape("13", { group: 1 }),
      many: `${citusShape("13")} do $$ begin for i in 1..120 loop
        execute format('create table public.part_%s (id bigint)', lpad(i::text, 3, '0')); end loop; end $$;
        set allow_system_table_mods = on;
        insert into pg_catalog.pg_dist_partition (logicalrelid, partmethod, partkey, colocationid, repmodel)
          select c.oid, 'h', '{VAR :varattno 1}', 9, 's' from pg_class c where c.relname like 'part\\_%';`,
      closed: `${citusShape("13")} set allow_system_table_mods = on;
        revoke select on pg_catalog.pg_dist_node, pg_catalog.citus_shards from public;`,
    },
  });
});
afterEach(() => {
  clients.close({}, problem("cancelled"));
  clients = new LiveClients(openPlainly);
});
afterAll(() => server?.stop());

const all: CitusAsk = { search: "", kind: "all", sort: "name", page: 0 };

describe("a coordinator (H)", () => {
  test("is known by its extension; other databases have none", async () => {
    expect(await versionIn("citus13")).toBe("13.0-1");
    expect(await versionIn("postgres")).toBeNull();
    const session = await acquire("citus13");
    expect((await sessionFacts(session)).citus).toBe("13.0-1");
    session.release();
  });

  test("shows its nodes, and which of them answers", async () => {
    const { place, nodes, sizes } = await report("citus13");
    expect(place).toBe("coordinator");
    expect(sizes).toBeNull();
    expect(nodes).toMatchObject({
      ok: true,
      value: [
        {
          name: "coordinator.internal",
          port: "5432",
          group: 0,
          role: "primary",
          here: true,
          hasShards: false,
        },
        { name: "worker-1.internal", role: "primary", active: true, hasShards: true, here: false },
        { name: "worker-1b.internal", role: "secondary", size: null },
        { name: "worker-2.internal", active: false, metadataSynced: true },
      ],
    });
    const shards = nodes.ok ? nodes.value.map((node) => node.shards) : [];
    expect(shards[0]).toBe(1);
    expect(shards[1]).toBeGreaterThan(40);
  });

  test("shows its tables with kind, distribution column, shards and size", async () => {
    const { tables } = await report("citus13");
    expect(tables).toMatchObject({
      ok: true,
      value: {
        matching: 7,
        kinds: { distributed: 3, reference: 1, local: 1, single: 1, schema: 1 },
        rows: [
          {
            schema: 'Odd "name"',
            name: "drop; --",
            kind: "distributed",
            distributionColumn: "key",
            shards: 32,
          },
          { name: "countries", kind: "reference", distributionColumn: null, shards: 1, size: "24576" },
          { name: "customers", kind: "distributed", distributionColumn: "customer_id", colocation: 1 },
          { name: "orders", kind: "distributed", distributionColumn: "customer_id", size: "268435456" },
          { name: "queue", kind: "single", shards: 1 },
          { name: "settings", kind: "local", size: null },
          { schema: "tenant_a", name: "notes", kind: "schema" },
        ],
      },
    });
  });

  test("finds, filters and sorts; what is searched for is never part of a statement", async () => {
    expect(await names("citus13", { search: "CUST" })).toEqual(["customers"]);
    expect(await names("citus13", { search: "drop; --" })).toEqual(["drop; --"]);
    expect(await names("citus13", { search: "%' or true --" })).toEqual([]);
    expect(await names("citus13", { search: "tenant_a." })).toEqual(["notes"]);
    expect(await names("citus13", { kind: "reference" })).toEqual(["countries"]);
    expect((await names("citus13", { sort: "size" }))[0]).toBe("orders");
    expect((await names("citus13", { sort: "size" })).at(-1)).toBe("settings");
    expect((await names("citus13", { sort: "shards" }))[0]).toBe("drop; --");
  });

  test("many tables come by pages", async () => {
    const pages = [];
    for (const page of [0, 1, 12, 13]) pages.push(await names("many", { page }));
    expect(pages.map((page) => page.length)).toEqual([10, 10, 7, 0]);
    expect(new Set(pages.flat()).size).toBe(27);
    const { tables } = await report("many", { search: "part_" });
    expect(tables).toMatchObject({ ok: true, value: { matching: 120 } });
  });
});

describe("other versions and rights (H)", () => {
  test("10: no distributed schemas", async () => {
    const { tables, sizes } = await report("citus10");
    expect(sizes).toBeNull();
    expect(tables).toMatchObject({ ok: true, value: { matching: 5, kinds: { distributed: 3, local: 1 } } });
  });

  test("9: no sizes, fewer columns; what is not there is not told", async () => {
    const { nodes, tables, sizes } = await report("citus9");
    expect(sizes).toMatchObject({ why: "missing" });
    expect(nodes).toMatchObject({
      ok: true,
      value: [{ hasShards: null, metadataSynced: null, active: true, size: null }, {}, {}, {}],
    });
    expect(tables).toMatchObject({ ok: true, value: { matching: 5 } });
  });

  test("a worker says that it is one", async () => {
    const { place, nodes } = await report("worker");
    expect(place).toBe("worker");
    expect(nodes.ok && nodes.value.filter((node) => node.here).map((node) => node.name)).toEqual([
      "worker-1.internal",
    ]);
  });

  test("what a user may not read costs nothing else", async () => {
    const { nodes, sizes, tables, place } = await report("closed");
    expect(place).toBe("coordinator");
    expect(nodes).toMatchObject({ ok: false, trouble: { why: "denied" } });
    expect(sizes).toMatchObject({ why: "denied" });
    expect(tables).toMatchObject({ ok: true, value: { matching: 7 } });
  });

  test("without the extension each part says that it is not there", async () => {
    const { place, nodes, tables } = await report("postgres");
    expect(place).toBeNull();
    expect(nodes).toMatchObject({ ok: false, trouble: { why: "missing" } });
    expect(tables).toMatchObject({ ok: false, trouble: { why: "missing" } });
  });
});

test("leaves nothing on the session, and a search path of the user's own leads nowhere", async () => {
  const trap = `create schema trap; grant usage on schema trap to app;
    create function trap.lower(text) returns text language sql as 'select null::text';
    create function trap.texteq(text, text) returns bool language sql as 'select false';
    create operator trap.= (leftarg = text, rightarg = text, function = trap.texteq);
    alter role app in database citus13 set search_path = trap, pg_catalog, public`;
  await server.admin(trap, undefined, "citus13");
  const session = await acquire("citus13");
  const { tables } = await citusCluster(session, { ...all, search: "orders" });
  expect(tables).toMatchObject({ ok: true, value: { matching: 1 } });
  const { client } = session.connection;
  expect(client.getTransactionStatus()).toBe("I");
  expect((await client.query("show statement_timeout")).rows).toEqual([{ statement_timeout: "0" }]);
  expect((await client.query("select 'a' = 'a' as trapped")).rows[0]).toEqual({ trapped: false });
  session.release();
});

test("sizes are asked of the nodes once in a while, not with every page", async () => {
  const session = await acquire("citus13");
  await citusCluster(session, all);
  const gone = "set allow_system_table_mods = on; drop view pg_catalog.citus_shards";
  await server.admin(gone, undefined, "citus13");
  expect((await citusCluster(session, all)).sizes).toBeNull();
  expect((await citusCluster(session, all, true)).sizes).toMatchObject({ why: "missing" });
  session.release();
});

async function acquire(database: string) {
  const session = await clients.acquire({
    kind: "browse",
    userId: "user-1",
    sessionId: "session-1",
    profile: sampleProfile({ port: server.port, database, id: database }),
    mode: "read-only",
  });
  if (!session.ok) throw new Error(session.problem.problem.code);
  return session.value;
}

async function report(database: string, ask: Partial<CitusAsk> = {}): Promise<CitusReport> {
  const session = await acquire(database);
  const found = await citusCluster(session, { ...all, ...ask });
  session.release();
  return found;
}

async function names(database: string, ask: Partial<CitusAsk>): Promise<string[]> {
  const { tables } = await report(database, ask);
  if (!tables.ok) throw new Error(tables.trouble.message);
  return tables.value.rows.map((table) => table.name);
}

async function versionIn(database: string) {
  const session = await acquire(database);
  const version = await citusVersion(session.connection);
  session.release();
  return version;
}
