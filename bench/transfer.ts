// A million rows out and in, over HTTP against the production console, beside psql's \copy where it is installed, else beside
// the server's own COPY to a bare socket. What counts are the ratios, the bytes, and the memory.
// Run: npm run bench -- transfer

import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { promisify } from "node:util";
import { startPostgres } from "#lib/samples/postgres-server.ts";
import { exportFormats, type ImportStand, type TransferView } from "#lib/transfer/shapes.ts";
import { draftTo } from "./support/draft.ts";
import { median } from "./support/scratch-console.mjs";
import { type SeededConsole, seededConsole } from "./support/seeded-console.ts";

const rows = Number(process.env.BENCH_ROWS ?? 1_000_000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const folder = mkdtempSync(join(tmpdir(), "cloak-db-transfer-"));
const file = join(folder, "rows.csv");
const server = await startPostgres({
  users: [{ name: "app", password: "secret" }],
  settings: { shared_buffers: "256MB", fsync: "off", max_wal_size: "4GB" },
});
let console_: SeededConsole | undefined;
/** Of whoever watches: none goes on after the console's end. */
const timers = new Set<NodeJS.Timeout>();

try {
  await server.admin(`create table event (id bigint primary key, at timestamptz, kind text, amount numeric(10, 2), note text, payload jsonb);
    insert into event select n, timestamptz '2020-01-01' + n * interval '3 minutes', (array['click', 'view', 'buy', 'leave'])[1 + n % 4],
      (n::bigint * 7919 % 100000) / 100.0, case when n % 3 = 0 then repeat('a "quoted", note ' || n % 5000, 6) end,
      jsonb_build_object('n', n, 'of', 'visitor ' || n % 40000, 'path', repeat('/a/b', 20)) from generate_series(1, ${rows}) n;
    create table event_in (like event); grant all on event, event_in to app; analyze event`);
  console_ = await seededConsole({ connections: [draftTo(server.port, "rows")] });
  console.log(
    `load of the machine: ${loadavg()[0]?.toFixed(1)}; ${rows.toLocaleString("en")} rows, medians of ${rounds}`,
  );
  await exports();
  await imports();
} finally {
  for (const timer of timers) clearInterval(timer);
  await console_?.stop();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function exports(): Promise<void> {
  const what = { kind: "table", schema: "public", table: "event" };
  await fetched({ what: { ...what, where: "id < 10" }, format: "csv" });
  const idle = residentMb();
  const psql: number[] = [];
  const ours: number[] = [];
  const first: number[] = [];
  const cpu: number[] = [];
  let peak = 0;
  let told = "";
  for (let round = 0; round < rounds; round += 1) {
    psql.push(await psqlMs(`\\copy event to '${file}' with (format csv, header)`));
    const watch = watched();
    const before = cpuSeconds();
    const got = await fetched({ what, format: "csv" });
    cpu.push(cpuSeconds() - before);
    peak = Math.max(peak, watch.stop());
    ours.push(got.ms);
    first.push(got.firstMs);
    const theirs = psql[0] === -1 ? "" : await sha256(file);
    told = theirs === "" ? "no psql here" : got.sha256 === theirs ? "bytes equal" : "BYTES DIFFER";
  }
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const ratio = median(ours.map((ms, index) => ms / (psql[index] ?? ms)));
  console.log(
    `CSV of ${(size / 1e6).toFixed(0)} MB: ${median(ours).toFixed(0)} ms ÷ \\copy ${median(psql).toFixed(0)} ms = ${ratio.toFixed(2)} (goal ≤ 1.10); ${told}; first byte ${median(first).toFixed(1)} ms (goal ≤ 50); memory +${(peak - idle).toFixed(0)} MB (goal ≤ 80); CPU ${median(cpu).toFixed(1)} s`,
  );
  for (const format of exportFormats.filter((one) => one !== "csv")) {
    const watch = watched();
    const got = await fetched({ what, format });
    const grown = watch.stop() - idle;
    console.log(
      `${format}: ${got.ms.toFixed(0)} ms, ${(got.bytes / 1e6).toFixed(0)} MB, memory +${grown.toFixed(0)} MB`,
    );
  }
}

async function imports(): Promise<void> {
  if ((await psqlMs(`\\copy event to '${file}' with (format csv, header)`)) < 0) return;
  const columns = ["id", "at", "kind", "amount", "note", "payload"];
  const idle = residentMb();
  const psql: number[] = [];
  const ours: number[] = [];
  const cpu: number[] = [];
  let peak = 0;
  for (let round = 0; round < rounds; round += 1) {
    await server.admin("truncate event_in");
    psql.push(await psqlMs(`\\copy event_in from '${file}' with (format csv, header)`));
    await server.admin("truncate event_in");
    const watch = watched();
    const before = cpuSeconds();
    ours.push(await sent(columns));
    cpu.push(cpuSeconds() - before);
    peak = Math.max(peak, watch.stop());
  }
  const same = await server.admin("select count(*)::int as n from (table event except table event_in) d");
  const ratio = median(ours.map((ms, index) => ms / (psql[index] ?? ms)));
  console.log(
    `import: ${median(ours).toFixed(0)} ms ÷ \\copy ${median(psql).toFixed(0)} ms = ${ratio.toFixed(2)}; ${same[0]?.n === 0 ? "rows equal" : "ROWS DIFFER"}; memory +${(peak - idle).toFixed(0)} MB (goal ≤ 80); CPU ${median(cpu).toFixed(1)} s`,
  );
}

async function sent(columns: readonly string[]): Promise<number> {
  const begun = performance.now();
  const bytes = statSync(file).size;
  const ask = { schema: "public", table: "event_in", columns, header: true, bytes, trial: false };
  const { id } = await json<{ id: string }>("POST", "imports", ask);
  const handle = await open(file);
  // As the page sends it: pieces of this size, two on their way at once.
  const pieceBytes = 1_000_000;
  let next = 0;
  const some = async () => {
    const buffer = Buffer.alloc(pieceBytes);
    while (next * pieceBytes < bytes) {
      const piece = next;
      next += 1;
      const { bytesRead } = await handle.read(buffer, 0, pieceBytes, piece * pieceBytes);
      await json("PUT", `imports/${id}?piece=${piece}`, buffer.subarray(0, bytesRead));
    }
  };
  await Promise.all([some(), some()]);
  await handle.close();
  let stand: ImportStand;
  do stand = await json<ImportStand>("POST", `imports/${id}`, { act: "finish" });
  while (stand.state === "running");
  if (stand.state !== "done" || stand.rows !== rows) throw new Error(JSON.stringify(stand));
  return performance.now() - begun;
}

interface Fetched {
  readonly ms: number;
  readonly firstMs: number;
  readonly bytes: number;
  readonly sha256: string | null;
}

/** The way of a page: a ticket, the file, and what the panel then says of it. */
async function fetched(ask: object): Promise<Fetched> {
  const begun = performance.now();
  const { ticket } = await json<{ ticket: string }>("POST", "exports", ask);
  let firstMs = 0;
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    const asked = httpRequest(addressOf(`exports/${ticket}`), { headers: headers() }, (answer) => {
      answer.on("data", (piece: Buffer) => {
        firstMs ||= performance.now() - begun;
        bytes += piece.length;
      });
      answer.on("end", () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`)),
      );
      answer.on("error", reject);
    });
    asked.on("error", reject);
    asked.end();
  });
  const ms = performance.now() - begun;
  const [newest] = await json<readonly TransferView[]>("GET", "transfers");
  if (newest?.state !== "done" || newest.bytes !== bytes) throw new Error(JSON.stringify(newest));
  return { ms, firstMs, bytes, sha256: newest.sha256 };
}

async function json<T>(method: string, path: string, body?: object | Buffer): Promise<T> {
  const isBytes = Buffer.isBuffer(body);
  const answer = await fetch(addressOf(path), {
    method,
    headers: { ...headers(), "Content-Type": isBytes ? "application/octet-stream" : "application/json" },
    ...(body === undefined ? {} : { body: isBytes ? new Uint8Array(body) : JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

function addressOf(path: string): string {
  return `${console_?.url}/api/connections/${console_?.ids[0]}/${path}`;
}

function headers(): Record<string, string> {
  return { Cookie: console_?.cookies[0] ?? "", Origin: console_?.url ?? "" };
}

/** @returns -1 where there is no psql */
async function psqlMs(command: string): Promise<number> {
  const env = { ...process.env, PGPASSWORD: "secret" };
  const args = [
    "-X",
    "-q",
    "-h",
    "127.0.0.1",
    "-p",
    String(server.port),
    "-U",
    "app",
    "-d",
    "postgres",
    "-c",
    command,
  ];
  if (spawnSync("psql", ["--version"]).error !== undefined) return -1;
  const begun = performance.now();
  // Waited for, not blocked by: a connection that rests meanwhile is heard when it is closed.
  await promisify(execFile)("psql", args, { env });
  return performance.now() - begun;
}

function sha256(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const hash = createHash("sha256");
    createReadStream(path)
      .on("data", (piece) => hash.update(piece))
      .on("end", () => resolve(hash.digest("hex")))
      .on("error", reject);
  });
}

/** The most memory that the console has had meanwhile, MB, looked at ten times a second. */
function watched(): { stop(): number } {
  let most = residentMb();
  const timer = setInterval(() => {
    most = Math.max(most, residentMb());
  }, 100);
  timers.add(timer);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(most, residentMb());
    },
  };
}

/** Of the console's process so far, s: on a machine that is busy with other work it says more than the time does. */
function cpuSeconds(): number {
  const fields = readFileSync(`/proc/${console_?.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Of the console's process, as the kernel counts it. */
function residentMb(): number {
  const status = readFileSync(`/proc/${console_?.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
