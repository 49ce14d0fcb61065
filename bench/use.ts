// Some minutes of mixed use by six people: what the console holds must not grow. Heap after collection, handles, sockets,
// and sessions at the server, each time when everybody has closed their tabs.
// Run: BENCH_MINUTES=60 npm run bench -- use (1 minute, where nothing is said)
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { newDraft, type ProfileDraft } from "#lib/profiles/profile.ts";
import { randomId } from "#lib/random-id.ts";
import { startPostgres } from "#lib/samples/postgres-server.ts";
import { Secret } from "#lib/secret.ts";
import { closeRequests, run, send, type Tab } from "./support/requests.ts";
import { pause } from "./support/scratch-console.mjs";
import { seededConsole } from "./support/seeded-console.ts";

const minutes = Number(process.env.BENCH_MINUTES ?? 1);
const rounds = Math.max(4, Math.round(minutes * 2));
const folder = mkdtempSync(join(tmpdir(), "cloak-bench-use-"));
const held = join(folder, "held.json");

const server = await startPostgres({
  users: [{ name: "app", password: "secret" }],
  fill: {
    postgres: `create table item as select n as id, 'item ' || n as name from generate_series(1, 5000) as n;
      alter table item add primary key (id); grant all on item to app;`,
  },
});
await server.writeHba(["host all all all scram-sha-256"]);
const console_ = await seededConsole({
  members: 5,
  connections: [draft("first"), draft("second")],
  node: ["--expose-gc", "--require", join(import.meta.dirname, "support/tell-held.cjs")],
  env: { BENCH_HELD: held },
});

try {
  await use();
} finally {
  closeRequests();
  await console_.stop();
  await server.stop();
  rmSync(folder, { recursive: true });
}

async function use(): Promise<void> {
  const samples: Held[] = [];
  let acts = 0;
  for (let round = 0; round < rounds; round += 1) {
    const until = performance.now() + (minutes * 60_000) / rounds;
    await Promise.all(
      console_.cookies.map(async (cookie, person) => {
        while (performance.now() < until) acts += await everything(cookie, person);
      }),
    );
    const now = await whatIsHeld();
    samples.push(now);
    console.log(
      `${acts} acts: heap ${(now.heapUsed / 1e6).toFixed(1)} MB, outside of it ${(now.external / 1e6).toFixed(1)}, ` +
        `${now.handles} handles, ${now.sockets} sockets, ${now.backends} sessions at the server`,
    );
  }
  // The first rounds fill what is kept once: modules, compiled code, what is remembered up to a bound.
  const settled = samples.slice(Math.floor(samples.length / 2));
  const [first, last] = [settled[0], settled.at(-1)];
  if (first === undefined || last === undefined) throw new Error("no samples");
  const grown = (name: keyof Held) => last[name] - first[name];
  console.log(
    `grown in the second half: heap ${(grown("heapUsed") / 1e6).toFixed(2)} MB, handles ${grown("handles")}, ` +
      `sockets ${grown("sockets")}, sessions ${grown("backends")}; load ${loadavg()[0]?.toFixed(1)}`,
  );
}

/** One turn of a person through what the console does. @returns how many acts */
async function everything(cookie: string, person: number): Promise<number> {
  const id = console_.ids[person % 2] ?? "";
  const tab: Tab = { id: randomId(), lease: randomId(), name: "SQL" };
  const json = { "Content-Type": "application/json", Cookie: cookie };
  const post = (path: string, body: object) =>
    send(console_, "POST", `/api/connections/${id}/${path}`, JSON.stringify(body), json);
  const sql = (text: string) => run(console_, cookie, id, text, { tab, rowCap: 100_000 });

  for (const path of [
    "/connections",
    "/connections/new",
    "/settings",
    "/help/problems",
    `/connections/${id}`,
  ])
    await send(console_, "GET", path, "", { Cookie: cookie });
  await sql("select 1");
  await sql("select * from item order by id");
  for (const text of ["set work_mem = '8MB'", "create temp table mine ()", "begin", "select 2", "rollback"])
    await sql(text);
  await post("relations", {});
  await post("rows", { schema: "public", table: "item" });
  // A statement that is cancelled, and one whose reader goes away with its tab.
  const runId = randomId();
  const sleeping = post("run", { sql: "select pg_sleep(30)", readOnly: true, runId, tab, rev: 1 });
  await pause(50);
  await post("cancel", { runId });
  await sleeping;
  await post("run", { sql: "selec", readOnly: false, runId: randomId(), tab, rev: 1 });
  await post("tab", { act: "close", tab: tab.id, lease: tab.lease });
  return 17;
}

interface Held {
  readonly heapUsed: number;
  readonly external: number;
  readonly handles: number;
  readonly sockets: number;
  readonly backends: number;
}

/** When the panes' sessions have ended, too. */
async function whatIsHeld(): Promise<Held> {
  closeRequests();
  rmSync(held, { force: true });
  await pause(1000);
  process.kill(console_.pid, "SIGUSR2");
  while (!existsSync(held)) await pause(50);
  const rows = await server.admin("select count(*)::int as n from pg_stat_activity where usename = 'app'");
  return { ...JSON.parse(readFileSync(held, "utf8")), backends: Number(rows[0]?.n) };
}

function draft(name: string): ProfileDraft {
  const fresh = newDraft();
  return {
    ...fresh,
    name,
    host: "127.0.0.1",
    port: server.port,
    database: "postgres",
    user: "app",
    tls: { ...fresh.tls, mode: "disable" },
    allowWeakPassword: true,
    secrets: { password: new Secret("secret") },
  };
}
