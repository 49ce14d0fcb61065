import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok } from "#lib/problems/result.ts";
import { checkStore } from "#lib/stores/postgres/check-store.ts";
import { storeLink } from "#lib/stores/postgres/link.ts";
import type { StoreLink } from "#lib/stores/postgres/query.ts";
import { grantStatements, tableStatements } from "#lib/stores/postgres/tables.ts";
import { pgbouncer, startPgbouncer } from "#tests/support/pgbouncer.ts";
import { problemOf, value } from "#tests/support/scratch-vault.ts";
import { type StoreServer, startStoreServer } from "#tests/support/store-server.ts";

let store: StoreServer;
let schema: string;
const links: StoreLink[] = [];

beforeAll(async () => {
  store = await startStoreServer();
  schema = await store.schema();
});
afterAll(() => store.stop());
afterEach(async () => {
  await Promise.all(links.splice(0).map((link) => link.close()));
});

function open(more: Parameters<StoreServer["setting"]>[1] = {}, in_ = schema): StoreLink {
  const link = storeLink(store.setting(in_, more));
  links.push(link);
  return link;
}

const admin = (sql: string) => store.server.admin(sql, undefined, "vault");

describe("one statement", () => {
  test("goes over TLS, with values of every kind, and its tables are those of the schema", async () => {
    const link = open();
    const insert =
      "insert into cloak_live (store, kind, id, rev, until, body) values ($1, $2, $3, $4, $5, $6)";
    expect(value(await link.query(insert, ["s", "k", "i", 1, 2n, 'a "b" \\'])).length).toBe(0);
    const many = "select u.a, u.b from unnest($1::text[], $2::bigint[]) as u(a, b)";
    expect(
      value(
        await link.query(many, [
          ['x"', "y\\", null],
          [1, 2n, null],
        ]),
      ),
    ).toEqual([
      { a: 'x"', b: "1" },
      { a: "y\\", b: "2" },
      { a: null, b: null },
    ]);
    const rows = value(
      await link.query("select body, rev, null as none from cloak_live where store = $1", ["s"]),
    );
    expect(rows).toEqual([{ body: 'a "b" \\', rev: "1", none: null }]);
    const tls = "select ssl from pg_catalog.pg_stat_ssl where pid = pg_catalog.pg_backend_pid()";
    expect(value(await link.query(tls))).toEqual([{ ssl: "t" }]);
  });

  test("has a limit of time, and the server writes nothing of it to its log", async () => {
    const link = open();
    const setting = "select pg_catalog.current_setting('statement_timeout') as it";
    expect(value(await link.query(setting))).toEqual([{ it: "3s" }]);
    expect(store.server.log()).not.toMatch(/WARNING/);
  });

  test("that takes too long is ended by the server, and was not done", async () => {
    const link = open();
    const slow =
      "insert into cloak_live select 's', 'slow', 'i', 1, 0, pg_catalog.pg_sleep(20)::text returning id";
    const started = performance.now();
    const trouble = problemOf(await link.query(slow));
    expect(trouble).toMatchObject({ code: "store-away", facts: { why: "57014" } });
    expect(trouble.facts).not.toHaveProperty("sent");
    expect(performance.now() - started).toBeLessThan(8_000);
    expect(value(await link.query("select 1 from cloak_live where kind = 'slow'"))).toEqual([]);
  });

  test.each([
    ["insert into cloak_head values ('twice', 1, ''), ('twice', 1, '')", "store-conflict", "23505"],
    ["delete from cloak_log", "store-not-ready", "42501"],
    ["select 1 from cloak_head_of_all", "store-not-ready", "42P01"],
    ["select no_such_column from cloak_head", "store-not-ready", "42703"],
  ])("%s: %s", async (text, code, sqlstate) => {
    expect(problemOf(await open().query(text))).toMatchObject({ code, facts: { sqlstate } });
  });

  test("a mistake of ours is thrown", async () => {
    await expect(open().query("select 'x'::bigint")).rejects.toThrow("invalid input syntax");
  });

  test("a connection that was ended meanwhile is not noticed by whoever reads", async () => {
    const link = open();
    const pid = "select pg_catalog.pg_backend_pid() as pid";
    const [first] = value(await link.query(pid));
    await admin(`select pg_terminate_backend(${first?.pid})`);
    const [second] = value(await link.query(pid));
    expect(second?.pid).not.toBe(first?.pid);
  });

  test("a write whose answer is not heard is not repeated, and says so", async () => {
    const link = open();
    const cut = `with d as (insert into cloak_live values ('s', 'cut', 'i', 1, 0, '') returning 1)
      select pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid()) from d`;
    await admin("grant pg_signal_backend to app");
    expect(problemOf(await link.query(cut))).toMatchObject({ code: "store-away", facts: { sent: true } });
    expect(value(await link.query("select 1 from cloak_live where kind = 'cut'"))).toEqual([]);
  });

  test("four at a time, and the others wait", async () => {
    const link = open();
    const ask = () => link.query("select pg_catalog.pg_backend_pid() as pid, pg_catalog.pg_sleep(0.02)");
    const answers = await Promise.all(Array.from({ length: 24 }, ask));
    expect(new Set(answers.map((answer) => value(answer)[0]?.pid)).size).toBeLessThanOrEqual(4);
  });
});

test("a socket of this machine is another way there", async () => {
  const { socketFolder, port } = store.server;
  const { profile, ...setting } = store.setting(schema);
  const link = storeLink({
    ...setting,
    rootFile: undefined,
    profile: { ...profile, tls: { ...profile.tls, mode: "disable" }, host: socketFolder, port },
  });
  links.push(link);
  // It is the server behind the socket that answers: it lets nobody but its administrator in by it.
  expect(problemOf(await link.query("select 1")).facts.message).toContain('host "[local]", user "app"');
});

describe("several statements", () => {
  test("are done together", async () => {
    const link = open();
    const told = await link.transaction(async (query) => {
      value(await query("insert into cloak_live values ('s', 'both', '1', 1, 0, '')"));
      value(await query("insert into cloak_live values ('s', 'both', '2', 1, 0, '')"));
      return ok(7);
    });
    expect(value(told)).toBe(7);
    expect(value(await link.query("select id from cloak_live where kind = 'both'"))).toHaveLength(2);
  });

  test("or not at all: at a problem, at what is thrown, at a refusal", async () => {
    const link = open();
    const first = "insert into cloak_live values ('s', 'none', '1', 1, 0, '')";
    const refused = await link.transaction(async (query) => {
      value(await query(first));
      return failed(problem("not-allowed"));
    });
    expect(problemOf(refused).code).toBe("not-allowed");
    const thrown = link.transaction(async (query) => {
      value(await query(first));
      throw new RangeError("a mistake of ours");
    });
    await expect(thrown).rejects.toThrow("a mistake of ours");
    const swallowed = await link.transaction(async (query) => {
      value(await query(first));
      problemOf(await query(first));
      return ok(undefined);
    });
    expect(problemOf(swallowed).code).toBe("store-conflict");
    expect(value(await link.query("select 1 from cloak_live where kind = 'none'"))).toEqual([]);
  });
});

describe("a database that cannot be reached", () => {
  test.each([
    ["nobody listens", async () => ({ port: await closedPort() }), "net-refused"],
    ["no such role", async () => ({ user: "nobody" }), "auth-password-wrong"],
  ])("%s", async (_name, more, why) => {
    const trouble = problemOf(await open(await more()).query("select 1"));
    expect(trouble).toMatchObject({ code: "store-away", also: [why], facts: { why } });
    expect(trouble.facts.place).toMatch(/^postgres:\/\//);
  });

  test("is not tried again at once", async () => {
    const link = open({ port: await closedPort() });
    problemOf(await link.query("select 1"));
    const started = performance.now();
    problemOf(await link.query("select 1"));
    expect(performance.now() - started).toBeLessThan(100);
  });

  test("one that proves itself by other roots is not spoken to, and no password of ours is sent", async () => {
    const link = storeLink({ ...store.setting(schema), rootFile: undefined });
    links.push(link);
    expect(problemOf(await link.query("select 1"))).toMatchObject({
      code: "store-away",
      facts: { why: "tls-unknown-ca" },
    });
  });

  test("a password file that is not there", async () => {
    const link = storeLink({ ...store.setting(schema), passwordFile: "/nowhere/password" });
    links.push(link);
    expect(problemOf(await link.query("select 1"))).toMatchObject({
      code: "store-away",
      facts: { why: "file-unreadable", path: "/nowhere/password" },
    });
  });

  test("a password file that others can read, or that is none, is not read, and says what to do", async () => {
    const path = join(dirname(store.passwordFile), "open");
    const told = async () => {
      const link = storeLink({ ...store.setting(schema), passwordFile: path });
      links.push(link);
      return link.query("select 1");
    };
    writeFileSync(path, "secret\n", { mode: 0o600 });
    expect((await told()).ok).toBe(true);
    for (const mode of [0o604, 0o644, 0o666]) {
      chmodSync(path, mode);
      expect(problemOf(await told())).toMatchObject({
        code: "vault-unsafe-permissions",
        facts: { reason: "file-open", path, command: `chmod 600 ${path}` },
      });
    }
    chmodSync(path, 0o600);
    writeFileSync(path, "x".repeat(5000));
    expect(problemOf(await told())).toMatchObject({
      code: "store-away",
      facts: { why: "file-too-large", path },
    });
    const device = storeLink({ ...store.setting(schema), passwordFile: "/dev/zero" });
    const roots = storeLink({ ...store.setting(schema), rootFile: "/dev/zero" });
    links.push(device, roots);
    for (const link of [device, roots]) {
      expect(problemOf(await link.query("select 1"))).toMatchObject({ facts: { why: "file-too-large" } });
    }
  });

  test("a new password counts for the next connection", async () => {
    const setting = store.setting(schema, { user: "owner" });
    const link = storeLink(setting);
    links.push(link);
    writeFileSync(store.passwordFile, "not it\n");
    expect(problemOf(await link.query("select 1"))).toMatchObject({ facts: { why: "auth-password-wrong" } });
    writeFileSync(store.passwordFile, "secret\n");
    await expect.poll(async () => (await link.query("select 1")).ok, { timeout: 5_000 }).toBe(true);
  });
});

test.skipIf(pgbouncer === undefined)("behind PgBouncer in transaction mode nothing is missing", async () => {
  const pooler = await startPgbouncer({
    upstream: store.server.port,
    mode: "transaction",
    poolSize: 2,
    certificate: store.certificate,
  });
  try {
    const made = [...tableStatements("pooled").map(({ text }) => text), ...grantStatements("pooled", "app")];
    await store.server.admin(made.join(";"));
    const { profile, ...setting } = store.setting("pooled", { port: pooler.port });
    const link = storeLink({ ...setting, profile: { ...profile, database: "postgres" } });
    links.push(link);
    const ask = "select pg_catalog.current_setting('statement_timeout') as it, pg_catalog.pg_sleep(0.01)";
    const answers = await Promise.all(Array.from({ length: 12 }, () => link.query(ask)));
    expect(new Set(answers.map((answer) => value(answer)[0]?.it))).toEqual(new Set(["3s"]));
    expect((await checkStore(link)).filter(({ ok }) => !ok)).toEqual([]);
  } finally {
    await pooler.stop();
  }
});

function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
