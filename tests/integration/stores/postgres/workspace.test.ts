import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { backup } from "#lib/cli/backup.ts";
import { readEnvironment } from "#lib/env.ts";
import { ok } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import { openWorkspace, storeOf, vaultExists } from "#lib/workspace.ts";
import { problemOf, value } from "#tests/support/scratch-vault.ts";
import { type StoreServer, startStoreServer } from "#tests/support/store-server.ts";
import { wireProfile } from "#tests/support/wire-profile.ts";

let server: StoreServer;
let folder: string;

beforeAll(async () => {
  server = await startStoreServer();
  folder = mkdtempSync(join(tmpdir(), "cloak-hosts-"));
  writeFileSync(join(folder, "key"), `${newRawKey().reveal()}\n`, { mode: 0o600 });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The settings of a console on a host of its own: what they share is the database and the key. */
function hostOf(name: string, schema: string) {
  const variables = {
    ...server.variables(schema),
    CLOAK_DB_CONFIG_DIR: join(folder, name, "config"),
    CLOAK_DB_STATE_DIR: join(folder, name, "state"),
    CLOAK_DB_KEY_FILE: join(folder, "key"),
    HOME: folder,
  };
  return value(readEnvironment(variables as unknown as NodeJS.ProcessEnv));
}

const password = new Secret("plum-tractor-oboe-9");

test("a whole console lives in the database, and another one on another host has all of it", async () => {
  const schema = await server.schema();
  const [here, there] = [hostOf("here", schema), hostOf("there", schema)];
  expect(await vaultExists(here)).toBe(false);
  const one = value(await openWorkspace(here));
  expect(await vaultExists(here)).toBe(true);
  const ada = value(await one.users.create({ name: "Ada", password, role: "owner" }));
  const secret = wireProfile({ port: 5432, host: "db.example.com", password: "hunter2", tls: { ca: "" } });
  const shop = value(await one.profiles.create({ ...secret, name: "Shop" }, ada.id));
  const { cookie } = value(await one.sessions.start(ada.id, "a browser", 0));
  value(await one.audit.note({ actor: ada.id, sessionId: "s", source: "192.0.2.7" }, { action: "login" }));
  const saving = { connectionId: shop.id, id: "draft-1", rev: 0, window: "w", edit: 1 };
  const draft = value(await one.drafts.save(ada.id, { ...saving, change: { text: "select 1" } }));

  const two = value(await openWorkspace(there));
  expect(value(await two.users.signIn("ada", password))?.id).toBe(ada.id);
  expect((await two.sessions.find(cookie.reveal()))?.userId).toBe(ada.id);
  expect(value(await two.profiles.open(shop.id))?.secrets.password?.reveal()).toBe("hunter2");
  expect(value(await two.drafts.find(ada.id, shop.id, draft.id))?.text).toBe("select 1");
  const edited = { ...saving, rev: draft.rev, edit: 2, change: { text: "select 2" } };
  value(await one.drafts.save(ada.id, edited));
  const seenThere = async () => value(await two.drafts.find(ada.id, shop.id, draft.id))?.text;
  await expect.poll(seenThere, { timeout: 5_000 }).toBe("select 2");
  const finished = { sql: "select 3", connection: "Shop", database: "shop", role: "ada", ms: 1, rows: 1 };
  const run = {
    ...finished,
    sqlstate: null,
    outcome: "done",
    readOnly: true,
    connectionId: shop.id,
  } as const;
  const seen = { at: "2026-11-27T08:00:00.000Z", verified: null, encrypted: true, protocol: null } as const;
  const note = { ...seen, notAfter: null, serverVersion: null, problem: null };
  // Each has read both before the other one writes.
  for (const console_ of [one, two]) {
    expect(value(await console_.history.page(ada.id, { most: 9 })).kept).toBe(0);
    expect((await console_.lastSeen.all()).size).toBe(0);
  }
  for (const console_ of [one, two]) value(await console_.history.note(ada.id, run));
  value(await one.lastSeen.note(shop.id, note));
  value(await two.lastSeen.note("other", note));
  for (const console_ of [one, two]) {
    const kept = async () => value(await console_.history.page(ada.id, { most: 9 })).kept;
    await expect.poll(kept, { timeout: 5_000 }).toBe(2);
    const names = async () => [...(await console_.lastSeen.all()).keys()].sort();
    await expect.poll(names, { timeout: 5_000 }).toEqual([shop.id, "other"].sort());
  }
  for (const seconds of [0, 45, -45]) {
    const ahead = await two.store.clockAhead?.(() => Date.now() - seconds * 1000);
    expect(ahead).toEqual(ok(seconds));
  }
  value(await two.audit.note({ actor: ada.id, sessionId: "s", source: "192.0.2.8" }, { action: "logout" }));
  expect(value(await one.audit.check())).toMatchObject({ state: "whole", entries: 2 });

  const tables = ["head", "record", "log", "live"].map((name) => `select body from ${schema}.cloak_${name}`);
  const rows = await server.server.admin(tables.join(" union all "), undefined, "vault");
  expect(rows.length).toBeGreaterThan(6);
  expect(JSON.stringify(rows)).not.toMatch(/hunter2|plum-tractor|db\.example\.com|select [13]|Shop/);
});

test("a database that is away locks the console, which goes on by itself, with nothing in another place", async () => {
  const schema = await server.schema();
  const away = hostOf("away", schema);
  await server.server.admin("alter role app connection limit 0");
  expect(problemOf(await openWorkspace(away))).toMatchObject({
    code: "store-away",
    facts: { place: expect.stringMatching(/^postgres:/) },
  });
  expect(await vaultExists(away)).toBe(true);
  await server.server.admin("alter role app connection limit -1");
  await expect.poll(async () => (await openWorkspace(away)).ok, { timeout: 8_000 }).toBe(true);
});

test("tables that are missing, or no right to them, are said as that and not tried to be made", async () => {
  const missing = hostOf("missing", await server.schema("bare"));
  expect(problemOf(await openWorkspace(missing)).code).toBe("store-not-ready");
  expect(problemOf(await storeOf(missing).tryOut()).code).toBe("store-not-ready");
});

test("while it is away pages go on from what was read, and what is to be kept is refused", async () => {
  const schema = await server.schema();
  const env = hostOf("gone", schema);
  const one = value(await openWorkspace(env));
  const ada = value(await one.users.create({ name: "Ada", password, role: "owner" }));
  await server.server.admin("alter role app nologin");
  await server.server.admin(
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app' and pid <> pg_backend_pid()",
  );
  expect(one.vault.knownFrom()).toBeUndefined();
  // What was read within a second counts as what is there, and nobody is asked.
  await expect.poll(() => one.users.find(ada.id).then(() => one.vault.knownFrom())).toBeTypeOf("number");
  expect(Date.now() - (one.vault.knownFrom() ?? 0)).toBeLessThan(30_000);
  expect(value(await one.users.find(ada.id))?.name).toBe("Ada");
  const refused = await one.users.create({ name: "Bob", password, role: "member" });
  expect(problemOf(refused).code).toBe("store-away");
  const noted = await one.audit.note(
    { actor: ada.id, sessionId: "s", source: "192.0.2.7" },
    { action: "login" },
  );
  expect(problemOf(noted).code).toBe("store-away");
  expect(problemOf(await one.sessions.start(ada.id, "a browser", 0)).code).toBe("store-away");
  await server.server.admin("alter role app login");
  await expect
    .poll(async () => (await one.users.create({ name: "Bob", password, role: "member" })).ok, {
      timeout: 15_000,
    })
    .toBe(true);
  expect(one.vault.knownFrom()).toBeUndefined();
});

test("cloak-db backup copies it to a file, and puts that back for every console", async () => {
  const schema = await server.schema();
  const [here, there] = [hostOf("copied", schema), hostOf("beside", schema)];
  const [one, two] = [value(await openWorkspace(here)), value(await openWorkspace(there))];
  value(await one.users.create({ name: "Ada", password, role: "owner" }));
  const file = join(folder, "copy.json");
  const run = async (args: readonly string[], env = here) => {
    const said: string[] = [];
    const io = {
      stdin: process.stdin,
      out: (line: string) => said.push(line),
      err: (line: string) => said.push(line),
    };
    return { code: await backup(args, io, ok(env)), said: said.join("\n") };
  };
  expect((await run(["create", "--to", file])).code).toBe(0);
  value(await two.users.create({ name: "Eve", password, role: "owner" }));
  expect((await run(["list"])).said).toContain("keeps no earlier revisions");
  expect((await run(["verify", file])).code).toBe(0);
  expect((await run(["restore", file])).said).toContain("Users that will be removed: Eve");
  const restored = await run(["restore", file, "--yes"]);
  expect(restored.code, restored.said).toBe(0);
  for (const console_ of [one, two, value(await openWorkspace(there))]) {
    // What was read a second ago counts as what is there.
    const names = async () => value(await console_.users.list()).map(({ name }) => name);
    await expect.poll(names, { timeout: 5000 }).toEqual(["Ada"]);
  }
  const empty = await run(["restore", file, "--yes"], hostOf("empty", await server.schema()));
  expect([empty.code, empty.said]).toEqual([1, expect.stringContaining("cloak-db move-vault")]);
});
