import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { problem } from "#lib/problems/problem.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { closeClientsOf, closeClientsOfSession, closeClientsOfUser } from "#lib/session/close-clients.ts";
import { changedMeanwhile, defaultLimits, LiveClients, liveClients } from "#lib/session/live-clients.ts";
import type { ClientAsk, PooledSession, TabAsk } from "#lib/session/pooled-session.ts";
import { openPlainly } from "#tests/support/open-plainly.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";

let server: SampleServer;
let clients: LiveClients;

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password: "secret" }],
    settings: { max_connections: 100 },
  });
});
afterAll(() => server?.stop());
beforeEach(() => {
  clients = new LiveClients(openPlainly, { ...defaultLimits, queueMs: 200, graceMs: 100, browsing: 4 });
});
afterEach(() => clients.close({}, problem("cancelled")));

describe("whose a client is", () => {
  test("the same session's next run gets the same client", async () => {
    const first = await acquire();
    first.release();
    const second = await acquire();
    expect(pid(second)).toBe(pid(first));
    expect(second.opened).toBeNull();
    expect(first.opened).not.toBeNull();
  });

  test.each([
    ["another user", { userId: "user-2" }],
    ["another session", { sessionId: "session-2" }],
    ["another connection", { profile: { id: "profile-2" } }],
    ["an edited connection", { profile: { rev: 2 } }],
    ["a task", { kind: "task" }],
    ["a change set", { kind: "change", mode: "read-write" }],
    ["a tab", { tab: tab("1") }],
  ] as const)("%s gets a client of its own", async (_name, other) => {
    const first = await acquire();
    first.release();
    const second = await acquire(other);
    expect(pid(second)).not.toBe(pid(first));
  });

  test("a second run at the same time gets a client of its own", async () => {
    expect(pid(await acquire())).not.toBe(pid(await acquire()));
  });

  test("panes of another sign-in do not wait for those that rest, whatever they were opened with", async () => {
    clients = new LiveClients(openPlainly, { ...defaultLimits, queueMs: 200, browsing: 2 });
    for (const one of [await acquire(), await acquire()]) one.release();
    await acquire({ sessionId: "session-2" });
    await acquire({ profile: { rev: 2 } });
  });

  test("whoever looks at the server sees whose session it is", async () => {
    const registry = new LiveClients(async (profile) => {
      expect(profile.applicationName).toBe("cloak:user-1");
      return openPlainly(profile);
    });
    const session = await registry.acquire(ask());
    expect(session.ok).toBe(true);
    registry.close({}, problem("cancelled"));
  });
});

describe("whose a tab's client is", () => {
  test.each([
    ["another tab of the same person", { tab: tab("2") }],
    ["the panes", {}],
    ["a task", { kind: "task" }],
    ["a change set", { kind: "change" }],
    ["the same tab's read-only runs", { tab: tab("1"), mode: "read-only" }],
    ["a tab of that name in another session", { tab: tab("1"), sessionId: "session-2" }],
    ["a tab of that name of another person", { tab: tab("1"), userId: "user-2", sessionId: "session-3" }],
    ["a tab of that name at another connection", { tab: tab("1"), profile: { id: "profile-2" } }],
  ] as const)("not one for %s (W1)", async (_name, other) => {
    const first = await acquire({ mode: "read-write", tab: tab("1") });
    first.release();
    const second = await acquire({ mode: "read-write", ...other });
    expect(pid(second)).not.toBe(pid(first));
    const again = await acquire({ mode: "read-write", tab: tab("1") });
    expect(pid(again)).toBe(pid(first));
  });

  test("the one by which the page was opened, as long as nothing else was done on it", async () => {
    const looked = await acquire({ onlyLooks: true });
    looked.release();
    const ran = await acquire({ mode: "read-write", tab: tab("1") });
    expect(pid(ran)).toBe(pid(looked));
    const browsed = await acquire();
    browsed.release();
    expect(pid(await acquire({ mode: "read-write", tab: tab("2") }))).not.toBe(pid(browsed));
  });

  test("a second run of the tab waits for the first, and never gets another client", async () => {
    const first = await acquire({ mode: "read-write", tab: tab("1") });
    const second = clients.acquire(ask({ mode: "read-write", tab: tab("1") }));
    await until(async () => clients.count().waiting === 1);
    first.release();
    expect(await second).toMatchObject({ ok: true, value: { id: first.id } });
  });

  test("a change set's rests for the next one, and for nothing else", async () => {
    const asked = { kind: "change", mode: "read-write" } as const;
    const tried = await acquire(asked);
    tried.release();
    expect(pid(await acquire())).not.toBe(pid(tried));
    expect(pid(await acquire({ mode: "read-write", tab: tab("1") }))).not.toBe(pid(tried));
    const applied = await acquire(asked);
    expect(pid(applied)).toBe(pid(tried));
    applied.release();
    // Writing was locked again, or the right to it was taken away.
    clients.close({ mode: "read-write" }, problem("cancelled"));
    expect(pid(await acquire(asked))).not.toBe(pid(tried));
  });

  test("a task's is closed after it, and the panes of a person share two", async () => {
    (await acquire({ kind: "task", mode: "read-write" })).release();
    expect(clients.count()).toMatchObject({ idle: 0, inUse: 0 });
    clients = new LiveClients(openPlainly, { ...defaultLimits, queueMs: 50 });
    const [first] = await Promise.all([acquire(), acquire()]);
    expect(await clients.acquire(ask())).toMatchObject({ ok: false });
    first?.release();
    expect((await acquire()).id).toBe(first?.id);
  });
});

describe("when a client ends", () => {
  test("an idle one is closed after its time, on the server too", async () => {
    clients = new LiveClients(openPlainly, { ...defaultLimits, idleMs: 100 });
    (await acquire()).release();
    expect(clients.count()).toMatchObject({ idle: 1 });
    await until(async () => (await backends()) === 0);
    expect(clients.count()).toMatchObject({ idle: 0 });
  });

  test("a killed idle one does not end the process and is not used again", async () => {
    const first = await acquire();
    first.release();
    await server.admin("select pg_terminate_backend($1)", [pid(first)]);
    await until(async () => clients.count().idle === 0);
    const second = await acquire();
    expect((await second.connection.client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  test("editing or removing a connection closes its clients, and only those", async () => {
    (await acquire()).release();
    (await acquire({ userId: "user-2" })).release();
    (await acquire({ profile: { id: "profile-2" } })).release();
    clients.close({ profileId: "profile-1" }, changedMeanwhile());
    await until(async () => (await backends()) === 1);
    expect(clients.count()).toMatchObject({ idle: 1 });
  });

  test("ending all other sessions of a user leaves the one that asked", async () => {
    (await acquire()).release();
    (await acquire({ sessionId: "session-2" })).release();
    (await acquire({ userId: "user-2", sessionId: "session-3" })).release();
    clients.close({ userId: "user-1" }, problem("not-signed-in"), "session-1");
    await until(async () => (await backends()) === 2);
    expect((await acquire()).opened).toBeNull();
  });

  test("a running one is told first, then cut", async () => {
    const session = await acquire();
    const sleeping = session.connection.client.query("select pg_sleep(0.5)").catch((error: Error) => error);
    clients.close({ userId: "user-1" }, problem("not-signed-in"));
    expect(session.signal.aborted).toBe(true);
    expect(session.signal.reason).toMatchObject({ code: "not-signed-in" });
    expect(await sleeping).toBeInstanceOf(Error);
    expect(clients.count()).toMatchObject({ inUse: 0 });
  });

  test("one that is being opened while its connection is edited is never handed out", async () => {
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    clients = new LiveClients(async (profile) => {
      await held;
      return openPlainly(profile);
    });
    const acquired = clients.acquire(ask());
    await until(async () => clients.count().opening === 1);
    clients.close({ profileId: "profile-1" }, changedMeanwhile());
    goOn();
    expect(await acquired).toMatchObject({
      ok: false,
      problem: { problem: { code: "vault-changed-meanwhile", facts: { reason: "session" } } },
    });
    await until(async () => (await backends()) === 0);
  });

  test("the process has one registry, which the three doors close", async () => {
    const registry = liveClients();
    expect(liveClients()).toBe(registry);
    closeClientsOf("profile-1");
    closeClientsOfUser("user-1");
    closeClientsOfSession("session-1");
    expect(registry.count()).toEqual({ idle: 0, inUse: 0, opening: 0, waiting: 0 });
  });
});

describe("a session that its service ends after a while", () => {
  const lifeMs = () => 300;

  test("is left for a new one, with a sign-in of its own", async () => {
    clients = new LiveClients(openPlainly, { ...defaultLimits, lifeMs });
    const first = await acquire();
    first.release();
    await until(async () => clients.count().idle === 0);
    const second = await acquire();
    expect(pid(second)).not.toBe(pid(first));
    expect(second.opened).not.toBeNull();
    await until(async () => (await backends()) === 1);
  });

  test("is not cut short under a statement, but not used again after it", async () => {
    clients = new LiveClients(openPlainly, { ...defaultLimits, lifeMs });
    const session = await acquire();
    await session.connection.client.query("select pg_sleep(0.5)");
    expect(session.signal.aborted).toBe(false);
    expect((await session.connection.client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    session.release();
    expect(clients.count()).toMatchObject({ idle: 0, inUse: 0 });
  });

  test("keeps the transaction that a page left open", async () => {
    clients = new LiveClients(openPlainly, { ...defaultLimits, lifeMs });
    const first = await acquire({ mode: "read-write", tab: tab("1") });
    await first.connection.client.query("begin");
    first.release();
    await new Promise((resolve) => setTimeout(resolve, 400));
    const again = await acquire({ mode: "read-write", tab: tab("1") });
    expect(again.resumed).toBe(true);
    expect(pid(again)).toBe(pid(first));
    await again.connection.client.query("commit");
    again.release();
    expect(clients.count()).toMatchObject({ idle: 0 });
  });
});

describe("how many there are", () => {
  test("a fifth run of one user waits, and goes on when another ends", async () => {
    const sessions = await Promise.all([
      acquire(),
      acquire(),
      acquire(),
      acquire({ profile: { id: "profile-2" } }),
    ]);
    const fifth = acquire();
    await until(async () => clients.count().waiting === 1);
    sessions[0]?.release();
    expect(pid(await fifth)).toBe(sessions[0] && pid(sessions[0]));
  });

  test("waiting has an end", async () => {
    await Promise.all([acquire(), acquire(), acquire(), acquire()]);
    expect(await clients.acquire(ask())).toMatchObject({
      ok: false,
      problem: { problem: { code: "too-many-attempts" } },
    });
    expect(clients.count()).toMatchObject({ waiting: 0 });
  });

  test("waiting can be cancelled", async () => {
    await Promise.all([acquire(), acquire(), acquire(), acquire()]);
    const stop = new AbortController();
    const fifth = clients.acquire(ask({ signal: stop.signal }));
    stop.abort();
    expect(await fifth).toMatchObject({ ok: false, problem: { problem: { code: "cancelled" } } });
  });

  test("people who share a connection keep their sessions, as far as the server has places", async () => {
    const users = Array.from({ length: 20 }, (_, index) => `user-${index}`);
    const pids = new Map<string, number>();
    for (const userId of users) {
      const session = await acquire({ userId });
      pids.set(userId, pid(session));
      session.release();
    }
    for (const userId of users) {
      const again = await acquire({ userId });
      expect([pid(again), again.opened]).toEqual([pids.get(userId), null]);
      again.release();
    }
    expect(clients.count()).toMatchObject({ idle: 20 });
  });

  test("where a role may have few, one of them is left to others", async () => {
    await until(async () => (await backends()) === 0);
    await server.admin("alter role app connection limit 3");
    try {
      clients = new LiveClients(openPlainly, { ...defaultLimits, restMs: 100, queueMs: 5_000 });
      for (const userId of ["a", "b", "c", "d"]) {
        (await acquire({ userId })).release();
        expect(clients.count().idle).toBeLessThanOrEqual(2);
      }
    } finally {
      await server.admin("alter role app connection limit -1");
    }
  });

  test("one's own idle session makes room at once, a stranger's after a rest", async () => {
    clients = new LiveClients(openPlainly, {
      ...defaultLimits,
      perConnection: 2,
      restMs: 400,
      queueMs: 5_000,
    });
    const mine = await acquire({ userId: "a" });
    mine.release();
    const theirs = await acquire({ userId: "b" });
    theirs.release();
    const other = await acquire({ userId: "a", mode: "read-write" });
    expect(clients.count()).toMatchObject({ idle: 1, inUse: 1 });
    const again = await acquire({ userId: "b" });
    expect(pid(again)).toBe(pid(theirs));
    again.release();
    other.discard();
    (await acquire({ userId: "c" })).release();
    const begun = performance.now();
    (await acquire({ userId: "d" })).release();
    expect(performance.now() - begun).toBeGreaterThan(200);
    expect(clients.count()).toMatchObject({ idle: 2, waiting: 0 });
  });

  test("a connection has so many at most, whoever's they are; an idle one makes room", async () => {
    clients = new LiveClients(openPlainly, { ...defaultLimits, perConnection: 5, restMs: 0, graceMs: 100 });
    for (const userId of ["a", "b", "c", "d", "e"]) (await acquire({ userId })).release();
    expect(clients.count()).toMatchObject({ idle: 5 });
    const sixth = await acquire({ userId: "f" });
    expect(clients.count()).toMatchObject({ idle: 4, inUse: 1 });
    const running = await Promise.all(["a", "b", "c", "d"].map((userId) => acquire({ userId })));
    expect(clients.count().idle + clients.count().inUse).toBeLessThanOrEqual(5);
    const late = clients.acquire(ask({ userId: "g" }));
    await until(async () => clients.count().waiting === 1);
    running[0]?.discard();
    expect((await late).ok).toBe(true);
    sixth.release();
  });

  test("many at once never pass a limit", async () => {
    clients = new LiveClients(openPlainly, { ...defaultLimits, inAll: 6, restMs: 0, queueMs: 20_000 });
    let most = 0;
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const session = await acquire({ userId: `u${index % 7}`, profile: { id: `p${index % 3}` } });
        const { idle, inUse, opening } = clients.count();
        most = Math.max(most, idle + inUse + opening);
        await session.connection.client.query("select pg_sleep(0.01)");
        if (index % 5 === 0) session.discard();
        else session.release();
      }),
    );
    expect(most).toBeLessThanOrEqual(6);
    expect(clients.count()).toMatchObject({ inUse: 0, opening: 0, waiting: 0 });
  });

  test("a connection that cannot be opened gives its place back", async () => {
    clients = new LiveClients(async () => ({
      connection: null,
      report: {
        ok: false,
        problem: { code: "net-refused", step: "address", facts: {}, fixes: [], also: [] },
        steps: [],
        tls: null,
        server: null,
        fallback: null,
        ms: 1,
      },
    }));
    expect(await clients.acquire(ask())).toMatchObject({
      ok: false,
      problem: { problem: { code: "net-refused" }, report: { ok: false } },
    });
    expect(clients.count()).toEqual({ idle: 0, inUse: 0, opening: 0, waiting: 0 });
  });
});

/** As the page of that tab asks. */
function tab(id: string, given: Partial<TabAsk> = {}): TabAsk {
  return { id: `tab-${id}`, lease: `lease-${id}`, name: `SQL ${id}`, ...given };
}

type Given = Partial<Omit<ClientAsk, "profile">> & { readonly profile?: Partial<ConnectionProfile> };

function ask({ profile, ...given }: Given = {}): ClientAsk {
  return {
    userId: "user-1",
    sessionId: "session-1",
    kind: given.tab === undefined ? "browse" : "tab",
    mode: "read-only",
    profile: sampleProfile({ port: server.port, ...profile }),
    ...given,
  };
}

async function acquire(given: Given = {}): Promise<PooledSession> {
  const session = await clients.acquire(ask(given));
  if (!session.ok) throw new Error(session.problem.problem.code);
  return session.value;
}

function pid(session: PooledSession): number {
  return session.connection.backend.pid;
}

async function backends(): Promise<number> {
  const rows = await server.admin("select pid from pg_stat_activity where usename = 'app'");
  return rows.length;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 5_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error("it never held");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
