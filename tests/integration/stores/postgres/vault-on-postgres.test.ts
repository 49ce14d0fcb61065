import { writeFileSync } from "node:fs";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { keySource } from "#lib/stores/file/key-source.ts";
import { type PostgresStore, postgresStore } from "#lib/stores/postgres/postgres-store.ts";
import { dropUnused, renewDataKey, resealRest } from "#lib/vault/key-rotation.ts";
import { keyUses } from "#lib/vault/key-use.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import { runCli, scratchFolder } from "#tests/support/run-cli.ts";
import { scratchVault, value } from "#tests/support/scratch-vault.ts";
import { startStoreServer } from "#tests/support/store-server.ts";
import { vaultContract } from "../../vault/vault-contract.ts";

const server = await startStoreServer();
const stores: PostgresStore[] = [];
const scratch = scratchFolder();
afterAll(async () => {
  await Promise.all(stores.map(({ link }) => link.close()));
  await server.stop();
  scratch.remove();
});

afterEach(() => vi.useRealTimers());

vaultContract("on PostgreSQL, by the console's own way there", async () => {
  // Each test has its own consoles; the server has not as many places as all of them together.
  await Promise.all(stores.splice(0).map(({ link }) => link.close()));
  const setup = scratchVault();
  const setting = server.setting(await server.schema());
  return {
    open: async () => {
      const store = postgresStore(setting, setup, { freshMs: 0 });
      stores.push(store);
      return value(await openVault(store, keySource(setup.key)));
    },
    key: async () => {
      const key = value(await keySource(setup.key).load());
      if (key === undefined) throw new Error("no key");
      return key;
    },
    replaceKey: (key) => writeFileSync(setup.keyFile, key.text.reveal(), { mode: 0o600 }),
  };
});

test("a renewed data key reaches documents and notebooks, and the former one stays until every console knows it", async () => {
  const setup = scratchVault();
  const setting = server.setting(await server.schema());
  const open = async () => {
    const store = postgresStore(setting, setup, { freshMs: 0 });
    stores.push(store);
    return { store, vault: value(await openVault(store, keySource(setup.key))) };
  };
  const [here, there] = [await open(), await open()];
  value(await here.vault.document("moves").write(["kept"]));
  value(
    await here.vault.notebook("someone").appendAll([
      ["one", 1],
      ["two", 2],
    ]),
  );
  value(await renewDataKey(there.vault));
  value(await resealRest(here.vault, here.store));
  const uses = async () => value(await keyUses(value(await here.vault.read()), here.store));
  expect(await uses()).toMatchObject([
    { active: true, documents: 1, entries: 2 },
    { active: false, boxes: 0, documents: 0, entries: 0, backups: 0 },
  ]);
  expect(value(await dropUnused(there.vault, there.store))).toEqual([]);
  vi.useFakeTimers({ now: Date.now() + 5 * 60_000, toFake: ["Date"] });
  expect(value(await dropUnused(there.vault, there.store))).toHaveLength(1);
  expect(await uses()).toHaveLength(1);
  const entries: unknown[] = [];
  value(await there.vault.notebook("someone").each(({ value: one }) => entries.push(one)));
  expect([value(await there.vault.document("moves").read()), entries]).toEqual([["kept"], [1, 2]]);
});

test("cloak-db move-vault takes a vault from files to PostgreSQL and back, as the help of it says", async () => {
  const { CLOAK_DB_STORE: place = "", ...password } = server.variables(await server.schema());
  const files = { ...scratch.env, ...password };
  const database = { ...files, CLOAK_DB_STORE: place };
  const run = async (env: Record<string, string>, ...args: readonly string[]) =>
    runCli(args, { env, cwd: scratch.path, stdin: "a lamp, a fig and 3 owls\n" });
  const { CLOAK_DB_STORE_PASSWORD_FILE: _, ...plain } = files;
  expect(await run(plain, "admin", "create", "anna")).toMatchObject({ code: 0 });

  const there = await run(files, "move-vault", "--to", place, "--json");
  expect(there.stderr).toBe("");
  expect(JSON.parse(there.stdout)).toMatchObject({ state: "moved", rev: 3, lines: 1 });
  expect(await run(plain, "admin", "create", "bert")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("[vault-moved]"),
  });

  const back = await run(database, "move-vault", "--to", "file:");
  expect(back.stderr).toBe("");
  expect(back.stdout).toContain("Remove CLOAK_DB_STORE");
  expect(await run(plain, "admin", "create", "bert")).toMatchObject({ code: 0 });
  expect(await run(plain, "audit", "verify")).toMatchObject({ code: 0 });
  const noted = (await run(plain, "audit", "export", "--json")).stdout.trim().split("\n");
  expect(noted.map((line) => JSON.parse(line)).filter(({ action }) => action === "vault-move")).toMatchObject(
    [
      { actor: "command-line", object: expect.stringMatching(/^postgres:/) },
      { actor: "command-line", object: expect.stringMatching(/config\.json$/) },
    ],
  );

  expect(await run(database, "move-vault", "--undo")).toMatchObject({ code: 0 });
});
