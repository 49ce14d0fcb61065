import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readEnvironment } from "#lib/env.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { type PostgresStore, postgresStore } from "#lib/stores/postgres/postgres-store.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import type { StoreServer } from "#tests/support/store-server.ts";
import type { Place } from "./stores.ts";

let server: Promise<StoreServer> | undefined;

/** A schema of its own on a server that is started for the first of them. */
export async function makeSchema(folder: string): Promise<Place> {
  // Not at the top: the processes that only use a place need no server.
  server ??= import("#tests/support/store-server.ts").then(({ startStoreServer }) => startStoreServer());
  const started = await server;
  mkdirSync(join(folder, "state"), { recursive: true, mode: 0o700 });
  const variables = started.variables(await started.schema());
  return postgresAt(JSON.stringify({ ...variables, HOME: folder }));
}

export async function endServer(): Promise<void> {
  await (await server)?.stop();
  server = undefined;
}

/** @param given the variables of a console, and the folder of its state as HOME */
export function postgresAt(given: string): Place {
  const variables = JSON.parse(given);
  const read = readEnvironment(variables);
  if (!read.ok || read.value.store.kind !== "postgres") throw new Error(JSON.stringify(read));
  const setting = read.value.store;
  const stateDir = join(variables.HOME, "state");
  const keyFile = join(stateDir, "vault.key");
  let store: PostgresStore | undefined;
  const opened = () => {
    // Nothing is kept from one look to the next: what another process wrote is seen at once.
    store ??= postgresStore(setting, { stateDir }, { freshMs: 0 });
    return store;
  };
  return {
    given,
    keyFile,
    store: opened,
    open: () => openVault(opened(), keySource({ from: "generated", path: keyFile })),
    // By the statement's own atomicity there is nothing to clear away.
    leftOvers: () => [],
    end: async () => store?.link.close(),
  };
}
