import { writeFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { keySource } from "#lib/stores/file/key-source.ts";
import { type PostgresStore, postgresStore } from "#lib/stores/postgres/postgres-store.ts";
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

  expect(await run(database, "move-vault", "--undo")).toMatchObject({ code: 0 });
});
