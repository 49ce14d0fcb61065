import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { keySource } from "#lib/stores/file/key-source.ts";
import { type PostgresStore, postgresStore } from "#lib/stores/postgres/postgres-store.ts";
import { scratchVault } from "#tests/support/scratch-vault.ts";
import { type StoreServer, startStoreServer } from "#tests/support/store-server.ts";
import { type ConsolePlace, consolesContract } from "./consoles-contract.ts";

let server: StoreServer;
const schemas: string[] = [];
const opened: PostgresStore[] = [];

beforeAll(async () => {
  server = await startStoreServer();
  for (let made = 0; made < 12; made += 1) schemas.push(await server.schema());
}, 300_000);
afterAll(async () => {
  await Promise.all(opened.map(({ link }) => link.close()));
  await server?.stop();
});

consolesContract("PostgreSQL", onPostgres);

function onPostgres(): ConsolePlace {
  const schema = schemas.pop();
  if (schema === undefined) throw new RangeError("no schema is left");
  const setup = scratchVault();
  const stateOf = (host: number) => (host === 1 ? setup.stateDir : `${setup.stateDir}-${host}`);
  const rows = (sql: string) =>
    server.server.admin(sql.replaceAll("cloak_live", `${schema}.cloak_live`), undefined, "vault");
  const notes = ["setup-token", "sign-in-link.json"];
  return {
    open: (host) => {
      mkdirSync(stateOf(host), { recursive: true, mode: 0o700 });
      const store = postgresStore(server.setting(schema), { stateDir: stateOf(host) });
      opened.push(store);
      return store;
    },
    key: keySource(setup.key),
    copy: async () => {
      const kept = `${setup.stateDir}.copy`;
      rmSync(kept, { recursive: true, force: true });
      const there = notes.filter((name) => existsSync(join(setup.stateDir, name)));
      for (const name of there) cpSync(join(setup.stateDir, name), join(kept, name));
      const copied = `${schema}.copied`;
      await rows(`drop table if exists ${copied}`);
      await rows(`create table ${copied} as select * from cloak_live`);
      return async () => {
        for (const name of there) cpSync(join(kept, name), join(setup.stateDir, name));
        await rows("delete from cloak_live");
        await rows(`insert into cloak_live select * from ${copied}`);
      };
    },
  };
}
