// What it costs to keep the vault in PostgreSQL, as it grows: opening it, a save of one connection, another console that
// learns of it, and a look that finds nothing new. The peer is the file of the same run; the floors are one bare
// `update … returning` of one row over the same kind of connection, and the statement that asks for the head.
// Goals: a page waits for one round trip more than with the file at most, a save for two, however many there are.
// Run: npm run bench -- store
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { type Environment, readEnvironment } from "#lib/env.ts";
import { storeLink } from "#lib/stores/postgres/link.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import { openWorkspace, type Workspace } from "#lib/workspace.ts";
import { startStoreServer } from "#tests/support/store-server.ts";
import { draft } from "./support/draft.ts";
import { median } from "./support/scratch-console.mjs";

const rounds = 15;
const key = newRawKey().reveal();
const server = await startStoreServer();
const folder = mkdtempSync(join(tmpdir(), "cloak-db-bench-"));
try {
  for (const count of [100, 1_000, 10_000]) {
    const variables = server.variables(await server.schema());
    console.log(`${count} connections:`);
    console.log(`  file        ${await measured(count, `file-${count}`, {})}`);
    console.log(`  PostgreSQL  ${await measured(count, `rows-${count}`, variables)}`);
    console.log(`  floors      ${await floors(count)}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
}
// The stores of both consoles keep their connections for as long as the process lives.
process.exit();

async function measured(count: number, name: string, variables: Record<string, string>): Promise<string> {
  const first = await opened(envOf(name, "one", variables));
  const drafts = Array.from({ length: count }, (_, index) => draft(`connection ${index}`, {}));
  const made = good(await first.profiles.createAll(drafts));
  const opening = await timed(async () => {
    const workspace = await opened(envOf(name, "two", variables));
    good(await workspace.profiles.list());
    return workspace;
  });
  const other = opening.value;
  const one = made[Math.floor(count / 2)];
  if (one === undefined) throw new Error("nothing was made");
  const saves: number[] = [];
  const learns: number[] = [];
  const looks: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const change = draft(`renamed ${round}`, {});
    saves.push((await timed(() => first.profiles.update(one.id, one.rev + round, change, {}))).ms);
    // What was read within the last second counts as new on a shared store.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    learns.push((await timed(() => other.profiles.list())).ms);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    looks.push((await timed(() => other.profiles.list())).ms);
  }
  const found = good(await other.profiles.find(one.id));
  if (found?.rev !== one.rev + rounds) throw new Error("the other console did not learn of the last save");
  return [
    `open and list ${opening.ms.toFixed(0)} ms`,
    `save ${median(saves).toFixed(1)}`,
    `another console's list after it ${median(learns).toFixed(1)}`,
    `with nothing new ${median(looks).toFixed(1)}`,
  ].join(", ");
}

/** One row written, and the head asked for, by the console's own link. */
async function floors(count: number): Promise<string> {
  const schema = await server.schema();
  const link = storeLink(server.setting(schema));
  good(
    await link.query(
      "insert into cloak_live (store, kind, id, rev, until, body) values ($1, 'bench', 'one', 1, 0, $2)",
      [`bench-${count}`, "x".repeat(2000)],
    ),
  );
  const writes: number[] = [];
  const asks: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const write = "update cloak_live set rev = rev + 1, body = $2 where store = $1 returning rev";
    writes.push((await timed(() => link.query(write, [`bench-${count}`, "y".repeat(2000)]))).ms);
    const ask = "select rev from cloak_head where store = $1";
    asks.push((await timed(() => link.query(ask, [`bench-${count}`]))).ms);
  }
  await link.close();
  return `write of one row ${median(writes).toFixed(1)} ms, question for the head ${median(asks).toFixed(1)} ms`;
}

/** A console of its own: its state folder and its view, on the same files or the same database. */
function envOf(name: string, console: string, variables: Record<string, string>): Environment {
  const env = readEnvironment({
    NODE_ENV: "production",
    CLOAK_DB_CONFIG_DIR: join(folder, name, "config"),
    CLOAK_DB_STATE_DIR: join(folder, name, console),
    CLOAK_DB_KEY: key,
    ...variables,
  });
  return good(env);
}

async function opened(env: Environment): Promise<Workspace> {
  return good(await openWorkspace(env));
}

function good<T>(
  result:
    | { readonly ok: true; readonly value: T }
    | { readonly ok: false; readonly problem: { readonly code: string } },
): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const begun = performance.now();
  const value = await work();
  return { value, ms: performance.now() - begun };
}
