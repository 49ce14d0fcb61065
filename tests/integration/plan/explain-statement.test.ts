import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { comparePlans } from "#lib/plan/compare-plans.ts";
import { type ExplainAsk, explainStatement } from "#lib/plan/explain-statement.ts";
import { findings } from "#lib/plan/findings.ts";
import type { PlanTree } from "#lib/plan/plan-node.ts";
import { planTree } from "#lib/plan/plan-tree.ts";
import { problem } from "#lib/problems/problem.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { defaultLimits, LiveClients } from "#lib/session/live-clients.ts";
import type { ClientMode, PooledSession } from "#lib/session/pooled-session.ts";
import { runStatement } from "#lib/session/run-statement.ts";
import { cancelPlainly, openPlainly } from "#tests/support/open-plainly.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";
import { hasSystemPostgres, startSystemPostgres } from "#tests/support/system-postgres.ts";

const fill = `
  create table customer (id int primary key, country text);
  insert into customer select n, case when n % 100 = 0 then 'fr' else 'de' end from generate_series(1, 20000) n;
  create table item (id int primary key, customer_id int, note text);
  insert into item select n, n % 20000 + 1, repeat('x', 40) from generate_series(1, 60000) n;
  create table kept (id int primary key, told int); insert into kept select n, 0 from generate_series(1, 9) n;
  create sequence step; analyze;
  create function writes() returns int language plpgsql as $$ begin delete from kept; return 1; end $$;
  create function fails() returns int language plpgsql as $$
    begin perform nextval('step'); raise exception 'wrong value' using errcode = '22023'; end $$;
  create function told() returns trigger language plpgsql as $$ begin perform nextval('step'); return new; end $$;
  create trigger told before update on kept for each row execute function told();
  create procedure ends() language plpgsql as $$ begin delete from kept; commit; end $$;
  grant all on all tables in schema public to app; grant all on step to app; grant create on schema public to app;
  create schema other; create table other.elsewhere (); grant usage on schema other to app;
  grant select on other.elsewhere to app;
`;

let server: Pick<SampleServer, "port" | "admin" | "stop">;
let old: typeof server | undefined;
let clients: LiveClients;

beforeAll(async () => {
  server = await startPostgres({ users: [{ name: "app", password: "secret" }], fill: { postgres: fill } });
  if (hasSystemPostgres(15)) old = await startSystemPostgres(15, fill);
});
afterAll(async () => {
  await server?.stop();
  await old?.stop();
});
beforeEach(() => {
  clients = new LiveClients(openPlainly, { ...defaultLimits, graceMs: 2_000 });
});
afterEach(() => clients.close({}, problem("cancelled")));

describe.each([18, ...(hasSystemPostgres(15) ? [15] : [])])("the plans of PostgreSQL %i", (version) => {
  const measured = async (sql: string, ...set: readonly string[]): Promise<PlanTree> => {
    for (const one of set) await run(`set ${one}`, { version });
    const answer = await explain(sql, { kind: "measure" }, { version });
    if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
    const tree = planTree(answer.value.json);
    if (tree === undefined) throw new Error(answer.value.json);
    const sum = tree.nodes.reduce((before, { selfMs }) => before + (selfMs ?? 0), 0);
    expect(sum).toBeLessThanOrEqual((tree.executionMs ?? 0) + 0.01);
    expect(tree.measured).toBe(true);
    return tree;
  };
  const codes = (tree: PlanTree) => findings(tree).map(({ code }) => code);
  const node = (tree: PlanTree, does: string) => tree.nodes.find((one) => one.does === does);
  const serial = "max_parallel_workers_per_gather = 0";

  test("a filter that throws nearly all away", async () => {
    const tree = await measured("select * from item where note like '%y%'", serial);
    expect(codes(tree)).toContain("filter-loss");
    expect(node(tree, "Seq Scan")).toMatchObject({ on: "public.item", rows: 0, dropped: 60_000, hot: true });
    expect(tree.nodes[0]?.buffers?.hit).toBeGreaterThan(100);
  });

  test("what does not fit into memory", async () => {
    const little = [
      "work_mem = '64kB'",
      "hash_mem_multiplier = 1",
      serial,
      "enable_mergejoin = off",
      "jit = off",
    ];
    expect(codes(await measured("select * from item order by note, id desc", ...little))).toContain(
      "sort-spilled",
    );
    const joined = "select count(*) from item i join customer c on c.id = i.customer_id";
    expect(codes(await measured(joined, "enable_nestloop = off"))).toContain("hash-spilled");
    const grouped = "select note || id, count(*) from item group by 1";
    expect(codes(await measured(grouped, "enable_sort = off"))).toContain("aggregate-spilled");
  });

  test("an inner side that runs for each row", async () => {
    const off = ["enable_hashjoin", "enable_mergejoin", "enable_memoize", "enable_material"].map(
      (one) => `${one} = off`,
    );
    const tree = await measured(
      "select count(*) from item i join customer c on c.id = i.customer_id",
      ...off,
      serial,
      "jit = off",
    );
    expect(codes(tree)).toContain("inner-repeated");
    expect(tree.nodes.at(-1)).toMatchObject({ loops: 60_000, rows: 60_000, expected: 60_000 });
  });

  test("CTEs and InitPlans are counted once, where they are waited for", async () => {
    const tree = await measured(
      `with c as materialized (select id, pg_sleep(0.2) from customer where id = 7)
       select (select count(*) from customer), b.id from c a join c b on a.id = b.id
        where a.id < (select max(customer_id) from item)`,
    );
    expect(tree.nodes.filter(({ does }) => does === "CTE Scan")).toHaveLength(2);
    const slow = tree.nodes.filter(({ selfMs }) => (selfMs ?? 0) >= 150);
    expect(slow.map(({ subplan }) => subplan)).toEqual(["CTE c"]);
    expect(slow[0]?.hot).toBe(true);
  });

  test("processes side by side share rows and time", async () => {
    const tree = await measured(
      "select country, count(*) from item i join customer c on c.id = i.customer_id group by 1",
      "parallel_setup_cost = 0",
      "parallel_tuple_cost = 0",
      "min_parallel_table_scan_size = 0",
      "max_parallel_workers_per_gather = 2",
      "jit = off",
    );
    const scan = tree.nodes.find(({ does, on }) => does === "Parallel Seq Scan" && on === "public.item i");
    expect(scan?.expected).toBe(60_000);
    expect(Math.abs((scan?.rows ?? 0) - 60_000)).toBeLessThan(3);
    expect(tree.nodes.every(({ totalMs }) => (totalMs ?? 0) <= tree.whole + 0.01)).toBe(true);
  });

  test("before and after an index, laid side by side", async () => {
    const sql = "select * from item where customer_id = 77 order by id";
    await run("create temp table item as select * from public.item", { version });
    const before = await measured(sql, serial, "jit = off");
    expect(comparePlans(before, before).nodes.flatMap(({ kind, differs }) => [kind, ...differs])).toEqual(
      before.nodes.map(() => "same"),
    );
    await run("create index item_customer on item (customer_id)", { version });
    await run("analyze item", { version });
    const after = await measured(sql, "enable_bitmapscan = off");
    const { nodes, totals } = comparePlans(before, after);
    expect(nodes.map(({ kind, before: was, after: is }) => [kind, was?.does, is?.does])).toEqual([
      ["same", "Sort", "Sort"],
      ["changed", "Seq Scan", "Index Scan using item_customer"],
    ]);
    const change = new Map(nodes[1]?.differs.map((one) => [one.of, one.change ?? Number.NaN]));
    expect(change.has("rows")).toBe(false);
    for (const of of ["cost", "time"] as const) expect(change.get(of), of).toBeLessThan(-0.5);
    // A temporary table's pages count as well.
    expect(change.get("pages")).toBeLessThan(-0.9);
    expect(totals.map(({ of }) => of)).toEqual(["execution", "planning", "cost"]);
  });

  test("a plan alone has no times; one for any value is not that of NULL", async () => {
    const answer = await explain(
      "select * from item where id = $1",
      { values: null, parameters: 1 },
      { version },
    );
    if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
    const tree = planTree(answer.value.json);
    expect(tree).toMatchObject({ measured: false, executionMs: null });
    expect(tree?.nodes[0]).toMatchObject({ does: "Index Scan using item_pkey", rows: null });
    expect(answer.value.json).toContain("(item.id = $1)");
    expect(await value("select count(*) from pg_prepared_statements", { version })).toBe("0");
    const bound = await explain("select * from item where id < $1", { values: ["1000000"] }, { version });
    expect(bound.ok && planTree(bound.value.json)?.nodes[0]?.does).toBe("Seq Scan");
  });
});

describe("what writes", () => {
  const update = "update kept set told = told + 1 returning id";

  test("is refused by the server while nothing was said of it", async () => {
    for (const sql of [
      update,
      "select writes()",
      "select nextval('step')",
      "select * from kept for update",
      "with gone as (delete from kept returning *) select * from gone",
    ])
      expect(await explain(sql, { kind: "measure" }), sql).toMatchObject({
        problem: { why: "refused", error: { sqlstate: "25006" } },
      });
    expect(await facts()).toEqual(["9", "0"]);
  });

  test("has a plan all the same, which does nothing", async () => {
    for (const sql of [update, "delete from kept", "insert into kept values (99, 1)"])
      expect((await explain(sql, {})).ok, sql).toBe(true);
    expect(await facts()).toEqual(["9", "0"]);
  });

  test("is measured and undone: rows are as they were, the sequence has moved", async () => {
    const before = Number(await value("select last_value from step"));
    const answer = await explain(update, { kind: "measure", writes: true });
    if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
    const tree = planTree(answer.value.json);
    expect(tree?.nodes[0]).toMatchObject({ does: "Update", on: "public.kept", rows: 9 });
    expect(tree?.triggers).toMatchObject([{ name: "told", calls: 9 }]);
    expect(await facts()).toEqual(["9", "0"]);
    expect(Number(await value("select last_value from step"))).toBeGreaterThanOrEqual(before + 8);
  });

  test("waits no longer than two seconds for a lock", async () => {
    await run("begin", { tab: "b" });
    await run("lock table kept", { tab: "b" });
    const startedAt = performance.now();
    expect(await explain(update, { kind: "measure", writes: true })).toMatchObject({
      problem: { why: "refused", error: { sqlstate: "55P03" } },
    });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    await run("rollback", { tab: "b" });
  });

  test("is run once, also where the server refuses what it meets", async () => {
    const before = Number(await value("select last_value from step"));
    expect(await explain("select fails()", { kind: "measure", writes: true })).toMatchObject({
      problem: { why: "refused", error: { sqlstate: "22023" } },
    });
    expect(Number(await value("select last_value from step"))).toBe(before + 1);
  });

  /** Whatever a text says, it is one statement behind EXPLAIN in a transaction that is rolled back. */
  const escapes = [
    "select 1; delete from kept",
    "select 1; commit; delete from kept; begin",
    "select 1);\n commit; delete from kept; begin; select (1",
    "select 1 --\n; commit; delete from kept",
    "/* */ delete from kept; commit",
    "(analyze) delete from kept",
    "analyze delete from kept",
    "explain analyze delete from kept",
    "explain (analyze) delete from kept",
    "execute p; commit",
    "call ends()",
    "do $$ begin delete from kept; commit; end $$",
    "copy kept from stdin",
    "copy (delete from kept returning *) to stdout",
    "commit",
    "rollback; delete from kept",
    "prepare transaction 'left'",
    "set transaction read write",
    "create table made as select 1 as a",
    "create materialized view made as select 1 as a",
    "select 1 as a into made",
    "declare made cursor with hold for delete from kept returning *",
    "declare made cursor with hold for select 1",
    "select set_config('transaction_read_only', 'off', true), writes()",
    "with gone as (delete from kept returning *) select 1",
    "delete from kept",
    "truncate kept",
    "drop table kept",
    "",
    "--",
    "/*",
    "'",
    "$$",
  ];
  const kinds = ["plan", "measure"] as const;
  const state = `select (select count(*) || ' ' || sum(told) from kept) || ' ' || (to_regclass('made') is null)
    || ' ' || (select count(*) from pg_prepared_xacts) || ' ' || (select count(*) from pg_prepared_statements)
    || ' ' || (select count(*) from pg_cursors where name = 'made') || ' ' || current_setting('transaction_read_only')`;
  const untouched = "9 0 true 0 0 0 off";

  test("breaks out of nothing, whatever is written", async () => {
    await run("set search_path = public");
    for (const sql of escapes) {
      for (const kind of kinds) await explain(sql, { kind });
      await explain(sql, { values: null });
      expect(await value(state), sql).toBe(untouched);
    }
  }, 60_000);

  test("nor out of a transaction that is open", async () => {
    await run("begin");
    await run("create temp table inside ()");
    for (const sql of escapes) {
      for (const kind of kinds) await explain(sql, { kind });
      await explain(sql, { values: null });
      expect(await value(state), sql).toBe(untouched);
    }
    expect(await value("select count(*) from inside")).toBe("0");
    expect(await run("commit")).toMatchObject({ tag: "COMMIT" });
    expect(await facts()).toEqual(["9", "0"]);
  }, 60_000);
});

describe("the tab's own session", () => {
  test("counts: its search path, its settings, its temporary tables", async () => {
    await run("create temp table mine as select 1 as a");
    await run("set search_path = other");
    await run("set enable_seqscan = off");
    expect((await explain("select * from elsewhere, pg_temp.mine", { kind: "measure" })).ok).toBe(true);
    const answer = await explain("select 1", {});
    expect(answer.ok && planTree(answer.value.json)?.settings).toContainEqual(["enable_seqscan", "off"]);
    expect(await value("show search_path")).toBe("other");
  });

  test("with an open transaction is a savepoint of that, which leaves it as it was", async () => {
    await run("begin");
    await run("create temp table inside as select 1 as a");
    await run("set local work_mem = '5MB'");
    await run('savepoint "cloak-db plan"');
    await run("insert into kept values (99, 1)");
    const answer = await explain("select * from inside, kept where id = 99", { kind: "measure" });
    expect(answer.ok && planTree(answer.value.json)?.nodes[0]?.rows).toBe(1);
    expect(await explain("delete from kept", { kind: "measure" })).toMatchObject({
      problem: { error: { sqlstate: "25006" } },
    });
    expect((await explain("delete from kept", { kind: "measure", writes: true })).ok).toBe(true);
    expect(await explain("selec 1", {})).toMatchObject({
      problem: { error: { sqlstate: "42601", position: 1 } },
    });
    expect((await explain("select * from kept where id = $1", { values: null, parameters: 1 })).ok).toBe(
      true,
    );
    const all =
      "select count(*) || ' ' || current_setting('work_mem') || ' ' || current_setting('transaction_read_only') from kept";
    expect(await value(all)).toBe("10 5MB off");
    await run('rollback to savepoint "cloak-db plan"');
    expect(await value(all)).toBe("9 5MB off");
    await run("rollback");
  });

  test("whose transaction has failed has no plan to give", async () => {
    await run("begin");
    await run("selec");
    expect(await explain("select 1", {})).toMatchObject({ problem: { why: "transaction-failed" } });
    expect(await run("rollback")).toMatchObject({ tag: "ROLLBACK" });
  });

  test("keeps its transaction where the person cancels", async () => {
    await run("begin");
    const before = await value("select pg_backend_pid()");
    const stop = new AbortController();
    const answer = explain("select pg_sleep(60)", { kind: "measure", signal: stop.signal });
    await asleep();
    stop.abort();
    expect(await answer).toMatchObject({ problem: { why: "cancelled" } });
    expect(await value("select pg_backend_pid()")).toBe(before);
    await run("rollback");
  });

  test("is told of what a measured statement has locked", async () => {
    await run("set search_path = public");
    await explain("select pg_advisory_lock(5)", { kind: "measure" });
    const place = { userId: "alice", sessionId: "one", profileId: "sample", tab: "a" };
    const { session } = await clients.lookAtTab({ ...place, profileId: profile(server.port).id });
    expect(session?.held).toMatchObject({ locks: 1, prepared: 0 });
  });
});

describe("its end", () => {
  test("comes when its time is up, or the person wants it", async () => {
    expect(await explain("select pg_sleep(60)", { kind: "measure", timeoutMs: 200 })).toMatchObject({
      problem: { why: "too-long" },
    });
    const stop = new AbortController();
    const answer = explain("select pg_sleep(60)", { kind: "measure", signal: stop.signal });
    await asleep();
    stop.abort();
    expect(await answer).toMatchObject({ problem: { why: "cancelled" } });
    expect((await explain("select 1", {})).ok).toBe(true);
  });

  test("by somebody else is told in the server's words", async () => {
    const answer = explain("select pg_sleep(60)", { kind: "measure" });
    await asleep();
    await server.admin("select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'");
    expect(await answer).toMatchObject({ problem: { why: "refused", error: { sqlstate: "57014" } } });
  });

  test("in an error has its place in the statement, in signs and not in units", async () => {
    const sql = "select '😀', nowhere from item";
    expect(await explain(sql, {})).toMatchObject({ problem: { error: { sqlstate: "42703", position: 13 } } });
    expect(await explain(sql, { values: null })).toMatchObject({ problem: { error: { position: 13 } } });
  });
});

interface Where {
  readonly version?: number;
  readonly tab?: string;
}

function profile(port: number) {
  return sampleProfile({ port, user: "app", database: "postgres", password: "secret" });
}

/** As the route does: read-only, unless the tab's transaction is open or the statement may write. */
async function acquire(mode: ClientMode, { version = 18, tab = "a" }: Where): Promise<PooledSession> {
  const of = profile((version === 18 ? server : old)?.port ?? 0);
  const who = {
    userId: "alice",
    sessionId: "one",
    profile: { ...of, id: `${of.id}${version === 18 ? "" : version}` },
  };
  clients.tabs.take(
    { ...who, profileId: who.profile.id, tab },
    { lease: "", next: tab, locked: false, anyhow: true },
  );
  const ask = { ...who, kind: "tab", mode, tab: { id: tab, lease: tab, name: tab } } as const;
  const acquired = await clients.acquire(ask);
  if (!acquired.ok) throw new Error(acquired.problem.problem.code);
  return acquired.value;
}

async function explain(sql: string, ask: Partial<ExplainAsk>, where: Where = {}) {
  const isOpen = open.has(where.tab ?? "a");
  const session = await acquire(ask.writes || isOpen ? "read-write" : "read-only", where);
  const port = (where.version === 15 ? old : server)?.port ?? 0;
  return explainStatement(session, {
    sql,
    values: [],
    parameters: 0,
    kind: "plan",
    writes: false,
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    cancel: () => cancelPlainly(port, session.connection.backend),
    ...ask,
  });
}

/** Tabs whose transaction is open. */
const open = new Set<string>();

async function run(sql: string, where: Where = {}) {
  const session = await acquire("read-write", where);
  const rows: (string | null)[][] = [];
  let tag: string | null = null;
  for await (const event of runStatement(session, {
    statement: { text: sql, values: [] },
    readOnly: false,
    rowCap: 10,
    timeoutMs: 30_000,
    signal: new AbortController().signal,
    cancel: async () => undefined,
  })) {
    if (event.type === "rows") rows.push(...event.rows.map((row) => [...row]));
    if (event.type === "done") tag = event.tag;
    if (event.type !== "done" && event.type !== "error") continue;
    if (event.transaction === "none") open.delete(where.tab ?? "a");
    else open.add(where.tab ?? "a");
  }
  return { tag, rows };
}

async function value(sql: string, where?: Where): Promise<string | null | undefined> {
  return (await run(sql, where)).rows[0]?.[0];
}

async function facts() {
  const [row] = await server.admin("select count(*) as n, sum(told) as t from kept");
  return [String(row?.n), String(row?.t)];
}

async function asleep(): Promise<void> {
  const end = Date.now() + 5_000;
  for (;;) {
    const [row] = await server.admin(
      "select count(*) as n from pg_stat_activity where wait_event = 'PgSleep'",
    );
    if (Number(row?.n) > 0) return;
    if (Date.now() > end) throw new Error("it never slept");
  }
}
