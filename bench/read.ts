// What is read of a database: the tree, pages of a table of a million rows, counts. Each over HTTP against the production
// console, beside a bare `pg` client that asks the plainest statement for the same, and psql where it is installed, in the
// same run. In milliseconds, medians; what counts are the ratios.
// Run: npm run bench -- read

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { loadavg } from "node:os";
import { performance } from "node:perf_hooks";
import pg from "pg";
import type { RowsAsk } from "#lib/browse/ask.ts";
import type { PageMark, RowCount, TablePage } from "#lib/browse/shapes.ts";
import { largeNumbers, manyTables, millionRows } from "#lib/samples/large-schema.ts";
import { startPostgres } from "#lib/samples/postgres-server.ts";
import { draftTo } from "./support/draft.ts";
import { median } from "./support/scratch-console.mjs";
import { type SeededConsole, seededConsole } from "./support/seeded-console.ts";

const server = await startPostgres({
  users: [{ name: "app", password: "secret" }],
  settings: { shared_buffers: "256MB" },
});
const event = { schema: "large", table: "event" };
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
const client = new pg.Client({
  host: "127.0.0.1",
  port: server.port,
  user: "app",
  password: "secret",
  database: "postgres",
});
let console_: SeededConsole | undefined;

try {
  await server.admin(millionRows);
  await client.connect();
  console_ = await seededConsole({ connections: [draftTo(server.port, "large")] });
  const { cookies, ids, url } = console_;
  const ask = asking(url, cookies[0] ?? "", ids[0] ?? "");
  console.log(
    `load of the machine: ${loadavg()[0]?.toFixed(1)}; figures of one that is busy say little, its CPU times more`,
  );
  const simplest = () => asking(url, cookies[0] ?? "", ids[0] ?? "")("relations", { schema: "none" });
  const floor = await medianOf(30, simplest);
  console.log(`an answer with nothing in it: ${floor.toFixed(1)} ms, ${await cpuMs(simplest)}`);
  await pages(ask);
  await unsorted(ask);
  await counts(ask);
  await tree(ask, "2,000 tables", manyTables.replace(String(largeNumbers.tables), "2000"));
  await server.admin("drop schema large cascade");
  await tree(
    ask,
    "50,000 tables",
    manyTables.replace("create schema crowd", "create schema more").replaceAll("crowd.", "more."),
  );
} finally {
  await console_?.stop();
  await client.end();
  agent.destroy();
  await server.stop();
}

type Ask = <T>(route: string, body: object) => Promise<T>;

/** Pages by key, both ways and at the ends. What the server itself takes is in the answers. */
async function pages(ask: Ask): Promise<void> {
  const page = (more: Partial<RowsAsk>) => () => ask<TablePage>("rows", { ...event, ...more });
  const first = await page({})();
  const middle = await page({ at: { to: "key", values: ["500000"] } })();
  const mark = (found: PageMark | null) => {
    if (found === null) throw new Error("no mark");
    return found;
  };
  const columns = "id, happened_at, kind, amount, note, payload";
  const rows: readonly (readonly [string, Partial<RowsAsk>, string])[] = [
    ["open 1 M rows, by key", {}, `select ${columns} from large.event order by id limit 101`],
    [
      "next page",
      { at: { to: "after", mark: mark(first.after) } },
      `select ${columns} from large.event where id > 100 order by id limit 101`,
    ],
    [
      "previous page, in the middle",
      { at: { to: "before", mark: mark(middle.before) } },
      `select ${columns} from large.event where id < 500000 order by id desc limit 101`,
    ],
    ["last page", { at: { to: "last" } }, `select ${columns} from large.event order by id desc limit 101`],
    [
      "go to a key",
      { at: { to: "key", values: ["731000"] } },
      `select ${columns} from large.event where id >= 731000 order by id limit 101`,
    ],
    [
      "sorted by an index, down",
      { sort: [{ column: "amount", descending: true }] },
      `select ${columns} from large.event order by amount desc, id desc limit 101`,
    ],
    [
      "filtered by an index",
      { filters: [{ column: "note", operator: "=", value: "note 77" }] },
      `select ${columns} from large.event where note = 'note 77' order by id limit 101`,
    ],
  ];
  for (const [name, more, sql] of rows) {
    const served: number[] = [];
    const ours = await medianOf(30, async () => served.push((await page(more)()).ms));
    const told = `statements alone ${median(served).toFixed(2)} ms, ${await cpuMs(page(more))}`;
    line(name, ours, await bare(30, sql), psqlMs(sql), told);
  }
  const heap = { schema: "large", table: "heap" };
  const last = { ...heap, at: { to: "last" } };
  const sql = "select happened_at, kind, amount from large.heap limit 101";
  line(
    "open 1 M rows without a key",
    await medianOf(30, () => ask("rows", heap)),
    await bare(30, sql),
    psqlMs(sql),
  );
  const order = "select happened_at, kind, amount from large.heap order by ctid desc limit 101";
  line("its last page", await medianOf(30, () => ask("rows", last)), await bare(10, order), psqlMs(order));
}

/** A sort that no index helps: the statement is what it costs. */
async function unsorted(ask: Ask): Promise<void> {
  const body = { ...event, sort: [{ column: "happened_at", descending: true }] };
  const sql = "select * from large.event order by happened_at desc, id desc limit 101";
  line(
    "sorted without an index",
    await medianOf(7, () => ask("rows", body)),
    await bare(7, sql),
    psqlMs(sql),
    "goal ≤ 1.1",
  );
}

async function counts(ask: Ask): Promise<void> {
  const body = { ...event, timeoutMs: 60_000 };
  const sql = "select count(*) from large.event";
  line("exact count", await medianOf(5, () => ask<RowCount>("count", body)), await bare(5, sql), psqlMs(sql));
}

/** Names of everything, as the tree shows them first, and one schema opened. */
async function tree(ask: Ask, name: string, fill: string): Promise<void> {
  await server.admin(fill);
  await server.admin("analyze pg_class");
  const schema = name.startsWith("2,000") ? "crowd" : "more";
  const sql =
    "select n.nspname, count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace group by 1";
  line(
    `tree, ${name}: first show`,
    await medianOf(9, () => ask("relations", {})),
    await bare(9, sql),
    psqlMs(sql),
  );
  const names = `select c.relkind, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = '${schema}' order by 2 limit 20001`;
  line(
    `tree, ${name}: a schema opened`,
    await medianOf(9, () => ask("relations", { schema })),
    await bare(9, names),
    psqlMs(names),
  );
  const search = "select relname from pg_class where relname ilike '%0199%' limit 200";
  line(
    `tree, ${name}: searched`,
    await medianOf(9, () => ask("relations", { search: "0199" })),
    await bare(9, search),
    psqlMs(search),
  );
}

function line(name: string, ours: number, floor: number, psql: number | null, more = ""): void {
  const beside = psql === null ? "" : `, psql ${psql.toFixed(1)}`;
  console.log(
    `${name}: ${ours.toFixed(1)} ms; bare pg ${floor.toFixed(1)}${beside}; ratio to bare pg ${(ours / floor).toFixed(2)}, ${(ours - floor).toFixed(1)} ms more${more === "" ? "" : `; ${more}`}`,
  );
}

function bare(rounds: number, sql: string): Promise<number> {
  return medianOf(rounds, () =>
    client.query({ text: sql, types: { getTypeParser: () => (value: unknown) => value } }),
  );
}

/** By its own clock, from its first word to its last; null where it is not installed. */
function psqlMs(sql: string): number | null {
  const commands = ["\\timing on", sql, sql, sql, sql, sql].flatMap((command) => ["-c", command]);
  const address = ["-h", "127.0.0.1", "-p", String(server.port), "-U", "app", "-d", "postgres"];
  try {
    const said = execFileSync("psql", ["-X", "-q", ...address, ...commands], {
      env: { ...process.env, PGPASSWORD: "secret", LC_ALL: "C" },
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return median([...said.matchAll(/^Time: ([\d.]+) ms/gm)].map(([, ms]) => Number(ms)));
  } catch {
    return null;
  }
}

/** What the console's own process works for one answer, however busy the machine is. */
async function cpuMs(work: () => Promise<unknown>): Promise<string> {
  const rounds = 40;
  const used = () => {
    // In ticks of 10 ms: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    const fields = readFileSync(`/proc/${console_?.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  };
  try {
    const before = used();
    for (let round = 0; round < rounds; round += 1) await work();
    return `CPU of the console ${((used() - before) / rounds).toFixed(1)} ms`;
  } catch {
    return "CPU not told here";
  }
}

async function medianOf(rounds: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return median(times);
}

function asking(url: string, cookie: string, id: string): Ask {
  return <T>(route: string, body: object) =>
    new Promise<T>((resolve, reject) => {
      const headers = { Origin: url, Cookie: cookie, "Content-Type": "application/json" };
      const request = httpRequest(
        `${url}/api/connections/${id}/${route}`,
        { agent, method: "POST", headers },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on("data", (part: Buffer) => parts.push(part));
          answer.on("error", reject);
          answer.on("end", () => {
            const text = Buffer.concat(parts).toString();
            if (answer.statusCode === 200) resolve(JSON.parse(text) as T);
            else reject(new Error(`${answer.statusCode} ${text.slice(0, 300)}`));
          });
        },
      );
      request.on("error", (error) => {
        // The console closes a connection that has been idle while others were measured.
        if (request.reusedSocket) asking(url, cookie, id)<T>(route, body).then(resolve, reject);
        else reject(error);
      });
      request.end(JSON.stringify(body));
    });
}
