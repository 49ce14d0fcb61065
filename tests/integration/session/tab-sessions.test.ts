import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { problem } from "#lib/problems/problem.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { holdsNothing, type TabSession } from "#lib/session/held.ts";
import { changedMeanwhile, defaultLimits, LiveClients } from "#lib/session/live-clients.ts";
import type { TabAsk } from "#lib/session/pooled-session.ts";
import type { RunEvent } from "#lib/session/run-events.ts";
import { runStatement } from "#lib/session/run-statement.ts";
import { cancelPlainly, openPlainly } from "#tests/support/open-plainly.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";

let server: SampleServer;
let clients: LiveClients;

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password: "secret" }],
    settings: { max_connections: 100 },
    fill: {
      postgres: `create role limited; grant limited to app; alter role postgres password 'secret';
        grant create on schema public to app; create sequence step; grant all on step to app;
        create view sets_work_mem as select set_config('work_mem', '8MB', false);
        create view locks as select pg_try_advisory_lock(7);
        create function prepare_one() returns int language plpgsql as
          $$ begin execute 'prepare p as select 1'; return 1; end $$;
        create table prepares (n int default prepare_one());
        create procedure listens() language plpgsql as $$ begin execute 'listen x'; commit; end $$;
        create function sets_its_language() returns text language plpgsql as
          $$ begin return set_config('plpgsql.check' || '_asserts', 'off', false); end $$;
        create table later (n int, unique (n) deferrable initially deferred);
        grant all on all tables in schema public to app;`,
    },
  });
});
afterAll(() => server?.stop());
beforeEach(() => {
  clients = new LiveClients(openPlainly, { ...defaultLimits, graceMs: 2_000 });
});
afterEach(() => clients.close({}, problem("cancelled")));

describe("two tabs of one person", () => {
  test("never share a session: what one sets, the other does not see (W1)", async () => {
    await run("a", "set search_path = pg_catalog");
    expect(await one("b", "show search_path")).toBe('"$user", public');
    expect(await one("a", "show search_path")).toBe("pg_catalog");
    expect(await one("a", "select pg_backend_pid()")).not.toBe(await one("b", "select pg_backend_pid()"));
  });

  test("two hundred steps at random in three tabs: each sees its own and no other's", async () => {
    const random = seeded(20_261_126);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const models = new Map(["a", "b", "c"].map((name) => [name, new Model()]));
    for (let step = 0; step < 200; step += 1) {
      const name = pick(["a", "b", "c"]);
      const model = models.get(name) as Model;
      const { sql, then } = pick(model.steps(step));
      const events = await run(name, sql);
      expect(events.at(-1), `${step}: ${sql}`).toMatchObject({ type: "done" });
      then();
      expect(sessionIn(events)?.held, `${step}: ${sql}`).toEqual(model.held());
      if (step % 10 === 0)
        for (const [other, one] of models)
          expect(await seen(other), `${step} in ${other}`).toEqual(one.seen());
    }
    for (const [name, model] of models) expect(await seen(name)).toEqual(model.seen());
  }, 60_000);
});

describe("what a session holds", () => {
  test("a fresh one holds nothing, whatever the console has set for itself", async () => {
    expect(sessionIn(await run("a", "select 1"))).toMatchObject({ held: holdsNothing, endsInMs: null });
  });

  test.each([
    ["create temp table mine (id serial, t text primary key)", { temporary: 1 }],
    ["create temp view seen as select 1 as one", { temporary: 1 }],
    ["create function pg_temp.f() returns int language sql as 'select 1'", { temporary: 1 }],
    ["create temp sequence alone", { temporary: 1 }],
    ["select 1 as a into temp picked", { temporary: 1 }],
    ["prepare p as select 1", { prepared: 1 }],
    ["declare c cursor with hold for select 1", { cursors: 1 }],
    ["listen changes", { channels: 1 }],
    ["select pg_advisory_lock(1), pg_advisory_lock_shared(2)", { locks: 2 }],
    ["set work_mem = '8MB'", { settings: ["work_mem"] }],
    ["set search_path = pg_catalog", { settings: ["search_path"], searchPath: "pg_catalog" }],
    ["select set_config('TimeZone', 'Asia/Kathmandu', false)", { settings: ["TimeZone"] }],
    ["set app.tenant = '42'", { settings: ["app.tenant"] }],
    // The console sets these, too, to other values.
    ["set statement_timeout = 0", { settings: ["statement_timeout"] }],
    ["set session lock_timeout = '1min'", { settings: ["lock_timeout"] }],
    [
      "select set_config('idle_in_transaction_session_timeout', '7', false)",
      { settings: ["idle_in_transaction_session_timeout"] },
    ],
    ["select set_config('app.tenant', '42', false)", { settings: ["app.tenant"] }],
    ["set role limited", { role: "limited" }],
    ["do $$ begin perform set_config('work_mem', '8MB', false); end $$", { settings: ["work_mem"] }],
    // What stands in no text: a view, a default, a procedure that commits.
    ["select * from sets_work_mem", { settings: ["work_mem"] }],
    ["table locks", { locks: 1 }],
    ["insert into prepares default values", { prepared: 1 }],
    ["call listens()", { channels: 1 }],
    ["select sets_its_language()", { settings: ["plpgsql.check_asserts"] }],
  ] as const)("%s", async (sql, held) => {
    // Asked in full once: from then on only where something seems to have changed.
    expect(sessionIn(await run("a", "select 1"))?.held).toEqual(holdsNothing);
    const session = sessionIn(await run("a", sql));
    expect(session?.held).toEqual({ ...holdsNothing, ...held });
    expect(session?.endsInMs).toBeGreaterThan(14 * 60_000);
  });

  test("SET SESSION AUTHORIZATION shows as another role", async () => {
    const session = sessionIn(await run("a", "set session authorization limited", {}, "postgres"));
    expect(session?.held.role).toBe("limited");
  });

  test("what is taken back is held no longer", async () => {
    await run("a", "set work_mem = '8MB'");
    expect(sessionIn(await run("a", "reset work_mem"))?.held).toEqual(holdsNothing);
    await run("a", "create temp table mine ()");
    expect(sessionIn(await run("a", "discard all"))?.held).toEqual(holdsNothing);
  });

  test.each(["reset statement_timeout", "reset all", "/* all of it */ discard all"])(
    "%s gives the console's own limits back",
    async (sql) => {
      const before = await one("a", "show statement_timeout");
      expect(before).not.toBe("0");
      const session = sessionIn(await run("a", "set statement_timeout = 0"));
      expect(session).toMatchObject({ held: { settings: ["statement_timeout"] } });
      expect(await one("a", "show statement_timeout")).toBe("0");
      expect(sessionIn(await run("a", sql))).toMatchObject({ held: holdsNothing, endsInMs: null });
      expect(await one("a", "show statement_timeout")).toBe(before);
      expect(await one("a", "show lock_timeout")).toBe("5s");
      expect(sessionIn(await run("a", "select 1"))?.held).toEqual(holdsNothing);
    },
  );

  test("names that stand first in the search path do not answer for the catalogue", async () => {
    for (const sql of [
      "create function public.pg_backend_pid() returns int language sql as 'select 1'",
      "create view public.pg_settings as select 'x'::text as name, '1'::text as setting, '2'::text as reset_val, 'session'::text as source",
      "set search_path = public, pg_catalog",
    ])
      await run("a", sql);
    const session = sessionIn(await run("a", "select 1"));
    expect(session).toMatchObject({ shared: false, held: { settings: ["search_path"] } });
    for (const sql of ["drop view public.pg_settings", "drop function public.pg_backend_pid()"])
      await run("a", sql);
  });

  test("inside a transaction nothing is asked: its first statement is the person's", async () => {
    const begun = sessionIn(await run("a", "begin"));
    expect(begun).toMatchObject({ transaction: "open", held: holdsNothing });
    expect(begun?.endsInMs).toBeGreaterThan(4 * 60_000);
    expect((await run("a", "set transaction isolation level serializable")).at(-1)).toMatchObject({
      type: "done",
    });
    await run("a", "create temp table inside ()");
    expect(sessionIn(await run("a", "selec"))).toMatchObject({ transaction: "failed", held: holdsNothing });
    expect(sessionIn(await run("a", "rollback"))).toMatchObject({ transaction: "none", endsInMs: null });
  });

  test("a run after which all is as it was costs no round trip for that, and any other the whole question", async () => {
    await run("a", "select 1");
    const acquired = await acquire("a");
    if (!acquired.ok) throw new Error(acquired.problem.problem.code);
    const { client } = acquired.value.connection;
    acquired.value.release();
    const asked = vi.spyOn(client, "query");
    await run("a", "select 2");
    // The statement, and behind it the short question.
    expect(asked).toHaveBeenCalledTimes(2);
    await run("a", "set work_mem = '8MB'");
    expect(asked).toHaveBeenCalledTimes(6);
  });

  test("what fails only at its end is told as failed, and what stands after it as it is", async () => {
    await run("a", "prepare p as select 1");
    const failing = await run("a", "insert into later select 1 from generate_series(1, 2)");
    expect(failing.at(-1)).toMatchObject({
      type: "error",
      error: { sqlstate: "23505" },
      transaction: "none",
    });
    expect(sessionIn(failing)?.held).toEqual({ ...holdsNothing, prepared: 1 });
    expect((await run("a", "deallocate p")).at(-1)).toMatchObject({ type: "done" });
    expect(sessionIn(await run("a", "select 1"))?.held).toEqual(holdsNothing);
  });

  test("the server would end a transaction only after the console does", async () => {
    await run("a", "begin");
    expect(await one("a", "show idle_in_transaction_session_timeout")).toBe("310s");
  });

  test("a cancelled statement costs a tab nothing of what it holds", async () => {
    await run("a", "create temp table mine ()");
    const before = await one("a", "select pg_backend_pid()");
    const events = await run("a", "select pg_sleep(60)", {}, "app", "cancel");
    expect(events.at(-1)).toMatchObject({ type: "error", stopped: "cancelled" });
    expect(sessionIn(events)?.held).toMatchObject({ temporary: 1 });
    expect(await one("a", "select pg_backend_pid()")).toBe(before);
  });
});

describe("with the Read-only switch on", () => {
  const readOnly = (sql: string) => run("a", sql, {}, "app", "read-only");

  test("a tab sees what it has set up, writes nothing, and keeps it", async () => {
    for (const sql of [
      "create temp table mine as select 7 as one",
      "grant select on mine to limited",
      "set role limited",
      "prepare p as select 8",
    ])
      await run("a", sql);
    await run("a", "set search_path = pg_catalog");
    expect(
      rowsOf(await readOnly("select one, current_user, current_setting('search_path') from mine")),
    ).toEqual([["7", "limited", "pg_catalog"]]);
    const executed = await readOnly("execute p");
    expect(rowsOf(executed)).toEqual([["8"]]);
    expect(sessionIn(executed)).toMatchObject({ transaction: "none", endsInMs: 900_000 });
    for (const sql of ["create table public.left_behind ()", "select nextval('public.step')", "discard all"])
      expect((await readOnly(sql)).at(-1), sql).toMatchObject({ type: "error" });
    for (const sql of [
      "commit",
      "commit and chain",
      "rollback",
      "set work_mem = '9MB'",
      "listen x",
      "select 1 / 0",
    ])
      await readOnly(sql);
    await readOnly("prepare transaction 'left behind'");
    expect(await server.admin("select from pg_prepared_xacts")).toEqual([]);
    const { session } = await clients.lookAtTab(placeOf("a"));
    const held = {
      temporary: 1,
      prepared: 1,
      settings: ["search_path"],
      searchPath: "pg_catalog",
      role: "limited",
    };
    expect(session?.held).toEqual({ ...holdsNothing, ...held });
  });

  test("what such a run itself locks or prepares is the tab's, and told", async () => {
    await run("a", "set search_path = public");
    await readOnly("select pg_advisory_lock(5)");
    expect((await clients.lookAtTab(placeOf("a"))).session?.held).toMatchObject({ locks: 1 });
    await run("a", "select pg_advisory_unlock(5)");
  });

  test("a tab that has set up nothing leaves nothing, and never runs in a transaction that may write", async () => {
    await readOnly("prepare p as select 1");
    expect((await readOnly("execute p")).at(-1)).toMatchObject({ error: { sqlstate: "26000" } });
    await run("a", "set search_path = public");
    await run("a", "begin");
    expect((await readOnly("select nextval('step')")).at(-1)).toMatchObject({ error: { sqlstate: "25006" } });
    expect(await one("a", "select pg_current_xact_id_if_assigned()")).toBeNull();
  });
});

describe("how long a session lives", () => {
  test("one that holds something outlives one that does not (W1)", async () => {
    clients = new LiveClients(openPlainly, { ...defaultLimits, idleMs: 100, holdingIdleMs: 60_000 });
    await run("a", "create temp table mine as select 1 as one");
    await run("b", "select 1");
    await until(() => clients.count().idle === 1);
    expect(await one("a", "select one from mine")).toBe("1");
  });

  test.each([
    ["idle", { holdingIdleMs: 100 }, "set role limited"],
    ["transaction", { transactionIdleMs: 100 }, "begin"],
  ] as const)(
    "when its time is up (%s), nothing runs before the person knows (W1)",
    async (why, limits, sql) => {
      clients = new LiveClients(openPlainly, { ...defaultLimits, ...limits });
      const { id } = sessionIn(await run("a", sql)) as TabSession;
      await until(() => clients.count().idle === 0);
      await nothingRuns("a", { session: id }, why);
      // A page that knows nothing of it, because it was loaded anew, is refused, too.
      await nothingRuns("a", {}, why);
      expect((await clients.lookAtTab(placeOf("a"))).lost).toMatchObject({ id, why });
      expect((await run("a", "select nextval('step')", { knownLost: id })).at(-1)).toMatchObject({
        type: "done",
      });
      expect((await run("a", "select 1")).at(-1)).toMatchObject({ type: "done" });
    },
  );

  test("after its backend was killed, nothing runs before the person knows", async () => {
    await run("a", "create temp table mine ()");
    const { id } = sessionIn(await run("a", "begin")) as TabSession;
    await server.admin("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'");
    await until(() => clients.count().idle === 0);
    await nothingRuns("a", { session: id }, "cut");
    expect((await clients.lookAtTab(placeOf("a"))).lost).toMatchObject({
      transaction: true,
      held: { temporary: 1 },
    });
    await nothingRuns("a", { session: id, knownLost: "another" }, "cut");
    expect((await run("a", "select 1", { knownLost: id })).at(-1)).toMatchObject({ type: "done" });
  });

  test("killed under a statement, too", async () => {
    await run("a", "set search_path = public");
    const { id } = sessionIn(await run("a", "set work_mem = '8MB'")) as TabSession;
    const sleeping = run("a", "select pg_sleep(60)", { session: id });
    await until(async () => (await asleep()).length === 1);
    await server.admin("select pg_terminate_backend($1)", [(await asleep())[0]?.pid]);
    expect((await sleeping).at(-1)).toMatchObject({ type: "error", error: { sqlstate: "57P01" } });
    await nothingRuns("a", { session: id }, "cut");
  });

  test("an edited connection and a console that was started anew tell the same", async () => {
    const { id } = sessionIn(await run("a", "begin")) as TabSession;
    clients.close({ profileId: "profile-1" }, changedMeanwhile());
    await nothingRuns("a", { session: id }, "edited");
    clients = new LiveClients(openPlainly);
    await nothingRuns("a", { session: id }, "unknown");
  });

  test("whoever signed out comes back to nothing, and nothing waits for them", async () => {
    await run("a", "begin");
    clients.close({ sessionId: "session-1" }, problem("not-signed-in"));
    expect(clients.count()).toMatchObject({ idle: 0, inUse: 0 });
    expect(await clients.lookAtTab(placeOf("a"))).toEqual({ session: undefined, lost: undefined });
  });

  test("only those for writing end, where only these are to", async () => {
    await run("a", "begin");
    await run("a", "select 1", {}, "app", "read-only");
    const why = problem("not-allowed", { reason: "locked-again" });
    clients.close({ profileId: "profile-1", mode: "read-write" }, why);
    expect(clients.count()).toMatchObject({ idle: 1 });
    await nothingRuns("a", {}, "locked");
  });
});

describe("when places are short", () => {
  test("a tab that holds something is never the one that is closed, and is named", async () => {
    clients = new LiveClients(openPlainly, { ...defaultLimits, perConnection: 3, restMs: 0 });
    await run("a", "begin");
    await run("b", "create temp table mine ()");
    await run("c", "select 1");
    expect((await run("d", "listen x")).at(-1)).toMatchObject({ type: "done" });
    const refused = await acquire("e");
    expect(refused).toMatchObject({
      ok: false,
      problem: {
        problem: { code: "session-places", facts: { limit: 3, name: "SQL a, SQL b, SQL d" } },
      },
    });
    await run("a", "rollback");
    expect((await run("e", "select 1")).at(-1)).toMatchObject({ type: "done" });
  });

  test("others' tabs are counted, not named", async () => {
    clients = new LiveClients(openPlainly, { ...defaultLimits, perConnection: 1 });
    await run("a", "begin");
    const refused = await acquire("b", {}, { userId: "user-2", sessionId: "session-2" });
    expect(refused).toMatchObject({
      ok: false,
      problem: { problem: { code: "session-places", facts: { name: "", others: 1 } } },
    });
  });
});

describe("which page has a tab", () => {
  test("a page that is loaded anew finds its transaction (W1)", async () => {
    await run("a", "begin");
    await run("a", "create table lockme (a int)");
    const before = sessionIn(await run("a", "select 1"))?.id;
    expect(clients.tabs.leave(placeOf("a"), "lease-a")).toBe(true);
    clients.leaveTab(placeOf("a"));
    expect(clients.tabs.take(placeOf("a"), taking("lease-a", "lease-2"))).toBe(true);
    const { session } = await clients.lookAtTab(placeOf("a"));
    expect(session).toMatchObject({ id: before, transaction: "open" });
    expect(session?.openMs).toBeGreaterThan(0);
    expect(session?.endsInMs).toBeGreaterThan(4 * 60_000);
    const ended = await run("a", "rollback", { lease: "lease-2", session: before });
    expect(ended.at(-1)).toMatchObject({ type: "done", tag: "ROLLBACK", transaction: "none" });
  });

  test("the one before it, and any copy of it, runs nothing any more", async () => {
    await run("a", "begin");
    // The page before it has not said that it goes away: without the browser's word, it may still be there.
    expect(clients.tabs.take(placeOf("a"), taking("lease-a", "lease-2"))).toBe(false);
    expect(clients.tabs.take(placeOf("a"), { ...taking("lease-a", "lease-2"), locked: true })).toBe(true);
    expect(clients.tabs.take(placeOf("a"), { ...taking("lease-a", "lease-3"), locked: true })).toBe(false);
    expect(await acquire("a")).toMatchObject({
      ok: false,
      problem: { problem: { code: "session-elsewhere" } },
    });
    expect(clients.tabs.leave(placeOf("a"), "lease-a")).toBe(false);
    expect(clients.tabs.take(placeOf("a"), { ...taking("lease-a", "lease-3"), anyhow: true })).toBe(true);
    expect(await acquire("a", { lease: "lease-2" })).toMatchObject({ ok: false });
    expect(await acquire("a", { lease: "lease-3" })).toMatchObject({ ok: true });
  });

  test("left for good, it ends: at once where it holds nothing, else after a moment", async () => {
    clients = new LiveClients(openPlainly, { ...defaultLimits, leftMs: 200 });
    await run("a", "select 1");
    await run("b", "begin");
    for (const name of ["a", "b"]) {
      clients.tabs.leave(placeOf(name), `lease-${name}`);
      clients.leaveTab(placeOf(name));
    }
    expect(clients.count()).toMatchObject({ idle: 1 });
    await until(() => clients.count().idle === 0);
    expect((await clients.lookAtTab(placeOf("b"))).lost).toMatchObject({ why: "left", transaction: true });
  });

  test("a page that comes back in time keeps what it had", async () => {
    clients = new LiveClients(openPlainly, { ...defaultLimits, leftMs: 200 });
    await run("a", "begin");
    clients.tabs.leave(placeOf("a"), "lease-a");
    clients.leaveTab(placeOf("a"));
    expect(clients.tabs.stay(placeOf("a"), "lease-a")).toBe(true);
    const { session } = await clients.lookAtTab(placeOf("a"));
    expect(session?.endsInMs).toBeGreaterThan(60_000);
    expect(clients.tabs.stay(placeOf("a"), "another")).toBe(false);
  });

  test("closed by the person, it ends with what it holds and what runs in it, and nothing is asked later", async () => {
    await run("a", "begin");
    const sleeping = run("b", "select pg_sleep(60)");
    await until(async () => (await asleep()).length === 1);
    expect(clients.tabs.close(placeOf("a"), "another")).toBe(false);
    for (const name of ["a", "b"]) {
      expect(clients.tabs.close(placeOf(name), `lease-${name}`)).toBe(true);
      clients.closeTab(placeOf(name));
    }
    expect((await sleeping).at(-1)).toMatchObject({ type: "error" });
    await until(async () => (await asleep()).length === 0);
    expect(clients.count()).toMatchObject({ idle: 0, inUse: 0 });
    expect((await run("a", "select 1")).at(-1)).toMatchObject({ type: "done" });
  });

  test("left while a statement runs, it ends with that", async () => {
    clients = new LiveClients(openPlainly, { ...defaultLimits, leftMs: 100 });
    const running = run("a", "select pg_sleep(60)", {}, "app", "cancel");
    clients.tabs.leave(placeOf("a"), "lease-a");
    clients.leaveTab(placeOf("a"));
    await running;
    expect(clients.count()).toMatchObject({ idle: 0, inUse: 0 });
  });

  test("loaded anew in the middle of a statement, it is told how that left the session", async () => {
    await run("a", "begin");
    const running = run("a", "select pg_sleep(60)", {}, "app", "cancel");
    await new Promise((resolve) => setImmediate(resolve));
    expect(clients.count()).toMatchObject({ inUse: 1 });
    expect(await clients.lookAtTab(placeOf("a"))).toMatchObject({ session: { transaction: "failed" } });
    await running;
  });
});

/** What a tab's session should be, step by step. */
class Model {
  #path = '"$user", public';
  #tables = new Set<string>();
  #prepared = new Set<string>();
  #cursors = new Set<string>();
  #locks = new Set<number>();
  #role: string | null = null;
  #tenant = "";

  steps(step: number): readonly { readonly sql: string; readonly then: () => void }[] {
    const [table] = this.#tables;
    const [prepared] = this.#prepared;
    const [cursor] = this.#cursors;
    const [lock] = this.#locks;
    const act = (sql: string, then: () => void) => ({ sql, then });
    return [
      act(`set search_path = s${step}`, () => {
        this.#path = `s${step}`;
      }),
      act("reset search_path", () => {
        this.#path = '"$user", public';
      }),
      act(`set app.tenant = '${step}'`, () => {
        this.#tenant = String(step);
      }),
      act(`create temp table t${step} ()`, () => this.#tables.add(`t${step}`)),
      act(`prepare p${step} as select 1`, () => this.#prepared.add(`p${step}`)),
      act(`declare c${step} cursor with hold for select 1`, () => this.#cursors.add(`c${step}`)),
      act(`select pg_advisory_lock(${step})`, () => this.#locks.add(step)),
      act(this.#role === null ? "set role limited" : "reset role", () => {
        this.#role = this.#role === null ? "limited" : null;
      }),
      ...(table === undefined || this.#role !== null
        ? []
        : [act(`drop table pg_temp.${table}`, () => this.#tables.delete(table))]),
      ...(prepared === undefined
        ? []
        : [act(`deallocate ${prepared}`, () => this.#prepared.delete(prepared))]),
      ...(cursor === undefined ? [] : [act(`close ${cursor}`, () => this.#cursors.delete(cursor))]),
      ...(lock === undefined
        ? []
        : [act(`select pg_advisory_unlock(${lock})`, () => this.#locks.delete(lock))]),
    ];
  }

  held() {
    const isSet = this.#path !== '"$user", public';
    return {
      temporary: this.#tables.size,
      prepared: this.#prepared.size,
      cursors: this.#cursors.size,
      channels: 0,
      locks: this.#locks.size,
      settings: [...(isSet ? ["search_path"] : []), ...(this.#tenant === "" ? [] : ["app.tenant"])],
      searchPath: isSet ? this.#path : null,
      role: this.#role,
    };
  }

  seen() {
    const names = (set: ReadonlySet<string>) => [...set].sort().join();
    return {
      path: this.#path,
      tenant: this.#tenant,
      role: this.#role ?? "app",
      tables: names(this.#tables),
      prepared: names(this.#prepared),
      cursors: names(this.#cursors),
      locks: [...this.#locks].sort((a, b) => a - b).join(),
    };
  }
}

/** What a tab's session says of itself, in words other than the console's own question. */
async function seen(name: string) {
  const events = await run(
    name,
    `select current_setting('search_path'), coalesce(current_setting('app.tenant', true), ''), current_user,
       (select coalesce(string_agg(relname, ',' order by relname collate "C"), '') from pg_catalog.pg_class
         where relpersistence = 't' and relnamespace = pg_my_temp_schema()),
       (select coalesce(string_agg(name, ',' order by name collate "C"), '') from pg_catalog.pg_prepared_statements
         where from_sql),
       (select coalesce(string_agg(name, ',' order by name collate "C"), '') from pg_catalog.pg_cursors
         where is_holdable),
       (select coalesce(string_agg(objid::text, ',' order by objid), '') from pg_catalog.pg_locks
         where locktype = 'advisory' and pid = pg_backend_pid())`,
  );
  const [path, tenant, role, tables, prepared, cursors, locks] = rowsOf(events)[0] ?? [];
  return { path, tenant, role, tables, prepared, cursors, locks };
}

const taking = (lease: string, next: string) => ({ lease, next, locked: false, anyhow: false });

/** A statement of this tab is refused, and is not run. */
async function nothingRuns(name: string, tab: Partial<TabAsk>, reason: string): Promise<void> {
  const before = await steps();
  expect(await acquire(name, tab)).toMatchObject({
    ok: false,
    problem: { problem: { code: "session-gone", facts: { reason } } },
  });
  expect(await steps()).toEqual(before);
}

const steps = () => server.admin("select last_value::int, is_called from step");

const asleep = () =>
  server.admin("select pid from pg_stat_activity where usename = 'app' and wait_event = 'PgSleep'");

function placeOf(name: string) {
  return { userId: "user-1", sessionId: "session-1", profileId: "profile-1", tab: `tab-${name}` };
}

function acquire(
  name: string,
  tab: Partial<TabAsk> = {},
  who: {
    readonly userId?: string;
    readonly sessionId?: string;
    readonly mode?: "read-only";
    as?: string;
  } = {},
) {
  const { as = "app", ...given } = who;
  return clients.acquire({
    userId: "user-1",
    sessionId: "session-1",
    kind: "tab",
    mode: "read-write",
    tab: { id: `tab-${name}`, lease: `lease-${name}`, name: `SQL ${name}`, ...tab },
    profile: sampleProfile({ port: server.port, user: as, id: as === "app" ? "profile-1" : as }),
    ...given,
  });
}

/** @param how `cancel`: once it sleeps on the server */
async function run(
  name: string,
  text: string,
  tab: Partial<TabAsk> = {},
  as = "app",
  how?: "cancel" | "read-only",
): Promise<RunEvent[]> {
  const readOnly = how === "read-only";
  const acquired = await acquire(name, tab, { as, ...(readOnly ? { mode: "read-only" } : {}) });
  if (!acquired.ok) throw new Error(JSON.stringify(acquired.problem.problem));
  const session = acquired.value;
  const stop = new AbortController();
  if (how === "cancel") void until(async () => (await asleep()).length > 0).then(() => stop.abort());
  const events: RunEvent[] = [];
  for await (const event of runStatement(session, {
    statement: { text, values: [] },
    readOnly,
    rowCap: 100,
    timeoutMs: 30_000,
    signal: stop.signal,
    cancel: () => cancelPlainly(server.port, session.connection.backend),
  }))
    events.push(event);
  return events;
}

async function one(name: string, sql: string): Promise<string | null | undefined> {
  return rowsOf(await run(name, sql))[0]?.[0];
}

function rowsOf(events: readonly RunEvent[]) {
  return events.flatMap((event) => (event.type === "rows" ? event.rows : []));
}

function sessionIn(events: readonly RunEvent[]): TabSession | undefined {
  return events.find((event) => event.type === "session")?.session;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 5_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error("it never held");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** mulberry32: the same steps in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
