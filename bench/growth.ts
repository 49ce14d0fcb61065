// How what people wait for grows with what there is: connections, users, lines of the log, rows and columns of an answer.
// Writes bench/last-run.json and draws docs/performance.svg from it. Run: npm run bench -- growth
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { newDraft, type ProfileDraft } from "#lib/profiles/profile.ts";
import { startPostgres } from "#lib/samples/postgres-server.ts";
import { Secret } from "#lib/secret.ts";
import { type Growth, growthPicture } from "../docs/performance/growth-picture.ts";
import { closeRequests, run, send, timed } from "./support/requests.ts";
import { median } from "./support/scratch-console.mjs";
import { type Seed, type SeededConsole, seededConsole } from "./support/seeded-console.ts";

const file = new URL("last-run.json", import.meta.url);
const picture = new URL("../docs/performance.svg", import.meta.url);
const parts = { connections, users, log, answers };

const wanted = process.argv.slice(2);
const found: Record<string, Growth> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
try {
  for (const [name, measure] of Object.entries(parts))
    if (wanted.length === 0 || wanted.includes(name)) await measure();
} finally {
  closeRequests();
}
writeFileSync(file, `${JSON.stringify(found, null, 1)}\n`);
writeFileSync(picture, growthPicture(Object.values(found)));
console.log(`load ${loadavg()[0]?.toFixed(1)}; drawn in docs/performance.svg`);

/** The list and Settings: at most a window of them is shown. */
async function connections(): Promise<void> {
  for (const count of [1, 100, 1_000, 10_000]) {
    const seed = { connections: Array.from({ length: count }, (_, at) => draft(`connection ${at}`, 5432)) };
    await with_(seed, async (console_) => {
      for (const path of ["/connections", "/connections?search=77", "/settings"])
        await page(console_, "connections", path, count);
    });
  }
}

/** What answers before anybody has signed in, and a wrong password, which costs what a right one does. */
async function users(): Promise<void> {
  for (const count of [1, 100, 10_000]) {
    await with_({ members: count - 1, signedIn: "owner" }, async (console_) => {
      for (const path of ["/api/health", "/login"]) await page(console_, "users", path, count, "");
      const body = JSON.stringify({ name: "owner", password: "correct horse battery staple 42" });
      const signIn = () => send(console_, "POST", "/api/login", body, { "Content-Type": "application/json" });
      await note("users, signing in", "scrypt and all", count, signIn, 3);
    });
  }
}

async function log(): Promise<void> {
  for (const auditLines of [100, 10_000, 100_000])
    await with_({ auditLines }, (console_) =>
      page(console_, "lines of the log", "/settings/audit", auditLines),
    );
}

/** To the last byte of the answer. */
async function answers(): Promise<void> {
  const server = await startPostgres({ users: [{ name: "app", password: "secret" }] });
  try {
    await server.writeHba(["host all all all scram-sha-256"]);
    await with_({ connections: [draft("answers", server.port)] }, async (console_) => {
      const ask = (sql: string) => () =>
        run(console_, console_.cookies[0] ?? "", console_.ids[0] ?? "", sql, { rowCap: 100_000 });
      for (const rows of [1, 100, 1_000, 10_000, 100_000]) {
        const sql = `select n, 'row ' || n as name, now() as at from generate_series(1, ${rows}) as n`;
        await note("rows of an answer", "three columns", rows, ask(sql), rows > 10_000 ? 3 : 15);
      }
      for (const columns of [1, 10, 100, 1_000]) {
        const list = Array.from({ length: columns }, (_, at) => `n + ${at} as c${at}`).join(", ");
        const sql = `select ${list} from generate_series(1, 50) as n`;
        await note("columns of an answer", "50 rows", columns, ask(sql), 15);
      }
    });
  } finally {
    await server.stop();
  }
}

async function with_(seed: Seed, work: (console_: SeededConsole) => Promise<void>): Promise<void> {
  const console_ = await seededConsole(seed);
  try {
    await work(console_);
  } finally {
    await console_.stop();
  }
}

async function page(
  console_: SeededConsole,
  of: string,
  path: string,
  count: number,
  cookie = console_.cookies[0] ?? "",
): Promise<void> {
  const get = () => send(console_, "GET", path, "", cookie === "" ? {} : { Cookie: cookie });
  await note(of, path.split("?")[0] === path ? path : "searched", count, get, 15);
}

/** The median of some rounds; the first is not counted, and told. */
async function note(
  of: string,
  what: string,
  count: number,
  work: () => Promise<unknown>,
  rounds: number,
): Promise<void> {
  const first = await timed(work);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push((await timed(work)).ms);
  const ms = Number(median(times).toPrecision(3));
  console.log(`${count} ${of}: ${what} ${ms} ms (first ${first.ms.toFixed(0)})`);
  const growth = found[of] ?? { of, lines: {} };
  found[of] = growth;
  const line = (growth.lines[what] ?? []).filter(([x]) => x !== count);
  growth.lines[what] = [...line, [count, ms] as const].sort(([a], [b]) => a - b);
}

/** Kept, and dialled where somebody asks for it. */
function draft(name: string, port: number): ProfileDraft {
  const fresh = newDraft();
  return {
    ...fresh,
    name,
    host: "127.0.0.1",
    port,
    database: "postgres",
    user: "app",
    tls: { ...fresh.tls, mode: "disable" },
    allowWeakPassword: true,
    secrets: { password: new Secret("secret") },
  };
}
