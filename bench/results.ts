// Large results as a person sees them, in the browser: how soon the first cells are painted, when all rows are there, what
// the page keeps, how smoothly it scrolls, and how long others wait meanwhile. Beside it the same statement by HTTP and by
// a bare `pg` client, in the same run. In milliseconds, medians; on a machine that is busy, what the page worked for a
// frame says more than how late it came.
// Run: npm run bench -- results

import { readFileSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { loadavg } from "node:os";
import { performance } from "node:perf_hooks";
import { createGunzip } from "node:zlib";
import { type CDPSession, chromium, type Page } from "@playwright/test";
import pg from "pg";
import { randomId } from "#lib/random-id.ts";
import { millionRows } from "#lib/samples/large-schema.ts";
import { startPostgres } from "#lib/samples/postgres-server.ts";
import { findBrowser } from "#tests/support/browser.ts";
import { draftTo } from "./support/draft.ts";
import { median } from "./support/scratch-console.mjs";
import { type SeededConsole, seededConsole } from "./support/seeded-console.ts";

const columns = Array.from({ length: 200 }, (_, n) => `(g * ${n + 1})::text || ' of ${n}' as column_${n}`);
const wide = `create table large.wide as select g as id, ${columns.join(", ")} from generate_series(1, 10000) as g`;
const agentName =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36";
const many = `create table large.visit as select *, '${agentName} ' || id as agent from large.event limit 100000`;
const statements = {
  wide: { sql: "select * from large.wide", rowCap: 10_000 },
  many: { sql: "select * from large.visit", rowCap: 100_000 },
} as const;
const rounds = 5;
/** A hard turn of a wheel, px a frame: two of its steps, sixty times a second. */
const wheel = 240;
const tabs = [0, 1].map((person) => ({ id: randomId(), lease: randomId(), name: `SQL ${person}` }));

const server = await startPostgres({
  users: [{ name: "app", password: "secret" }],
  settings: { shared_buffers: "256MB" },
});
const agent = new Agent({ keepAlive: true });
try {
  await server.admin(millionRows);
  await server.admin(wide);
  await server.admin(many);
  await server.admin("grant select on large.wide, large.visit to app");
  // As behind a proxy: who says that the browser is far away gets rows compressed.
  const env = { CLOAK_DB_TRUSTED_PROXIES: "1" };
  const console_ = await seededConsole({ members: 1, connections: [draftTo(server.port, "large")], env });
  const found = await findBrowser();
  const browser = await chromium.launch({
    executablePath: found.executablePath,
    args: [...found.args],
    env: { ...(process.env as Record<string, string>), ...found.env },
  });
  try {
    console.log(`load of the machine: ${loadavg()[0]?.toFixed(1)}`);
    await floors(console_);
    await compressed(console_);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
    await signedIn(page, console_);
    const tools = await page.context().newCDPSession(page);
    // Time that the page's thread worked, however long it waited for its turn.
    await tools.send("Performance.enable", { timeDomain: "threadTicks" });
    await measured(page, tools, "200 columns × 10,000", statements.wide, {
      first: 150,
      p95: 17,
      nodes: 2_500,
    });
    await measured(page, tools, "100,000 rows", statements.many, { first: 60, all: 600, heap: 60, p95: 20 });
    await others(page, console_);
  } finally {
    await browser.close();
    await console_.stop();
  }
} finally {
  agent.destroy();
  await server.stop();
}

interface Goals {
  readonly first: number;
  readonly all?: number;
  readonly heap?: number;
  readonly p95: number;
  readonly nodes?: number;
}

/** The same rows without a page: by HTTP, and by a bare client. */
async function floors(console_: SeededConsole): Promise<void> {
  const client = new pg.Client({
    host: "127.0.0.1",
    port: server.port,
    user: "app",
    password: "secret",
    database: "postgres",
  });
  await client.connect();
  try {
    for (const [name, { sql, rowCap }] of Object.entries(statements)) {
      const bare: number[] = [];
      const answers: RunAnswer[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const begun = performance.now();
        await client.query({ text: sql, types: { getTypeParser: () => (value: unknown) => value } });
        bare.push(performance.now() - begun);
        answers.push(await run(console_, 0, sql, rowCap));
      }
      const first = median(answers.map((one) => one.firstMs));
      const all = median(answers.map((one) => one.ms));
      const mb = (answers[0]?.bytes ?? 0) / 1e6;
      console.log(
        `${name}: by HTTP first bytes ${first.toFixed(0)}, all ${all.toFixed(0)} ms, ${mb.toFixed(1)} MB; bare pg ${median(bare).toFixed(0)} ms`,
      );
    }
  } finally {
    await client.end();
  }
}

/** What compression costs and saves, for a browser that is far away. */
async function compressed(console_: SeededConsole): Promise<void> {
  for (const [name, isFar] of [
    ["as it is", false],
    ["gzip", true],
  ] as const) {
    const answers: RunAnswer[] = [];
    const beside: number[] = [];
    const before = cpuMs(console_.pid);
    for (let round = 0; round < rounds; round += 1)
      answers.push(await run(console_, 0, statements.many.sql, statements.many.rowCap, isFar));
    const worked = (cpuMs(console_.pid) - before) / rounds;
    for (let round = 0; round < rounds; round += 1) {
      let going = true;
      const rows = run(console_, 0, statements.many.sql, statements.many.rowCap, isFar).finally(() => {
        going = false;
      });
      while (going) beside.push((await run(console_, 1, "select 1", 10)).ms);
      await rows;
    }
    const mb = (answers[0]?.bytes ?? 0) / 1e6;
    console.log(
      `100,000 rows by HTTP, ${name}: first bytes ${median(answers.map((one) => one.firstMs)).toFixed(0)}, all ${median(answers.map((one) => one.ms)).toFixed(0)} ms, ${mb.toFixed(1)} MB, ${worked.toFixed(0)} ms of the console's CPU; others' select 1 p95 ${quantile(beside, 0.95).toFixed(1)} ms`,
    );
  }
}

/** What a process has worked so far, in ticks of 10 ms: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** One statement in the browser, some times over; then its grid is scrolled. */
async function measured(
  page: Page,
  tools: CDPSession,
  name: string,
  statement: { readonly sql: string; readonly rowCap: number },
  goals: Goals,
): Promise<void> {
  const times: Times[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const found = await runOnPage(page, statement);
    // The first one also loads what shows results.
    if (round > 0) times.push(found);
  }
  await tools.send("HeapProfiler.collectGarbage");
  const heap = (await tools.send("Runtime.getHeapUsage")).usedSize / 1e6;
  const down = await scrolled(page, tools, 0, wheel);
  const sideways = await scrolled(page, tools, wheel, 0);
  const leaps = await scrolled(page, tools, 0, 620);
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  const after = (await tools.send("Runtime.getHeapUsage")).usedSize / 1e6;
  console.log(
    [
      `${name}: first cells ${median(times.map(({ first }) => first)).toFixed(0)} ms (goal ≤ ${goals.first})`,
      `all ${median(times.map(({ all }) => all)).toFixed(0)}${goals.all === undefined ? "" : ` (goal ≤ ${goals.all})`}`,
      `heap ${heap.toFixed(0)} MB, ${after.toFixed(0)} once scrolled${goals.heap === undefined ? "" : ` (goal ≤ ${goals.heap})`}`,
      `${nodes} nodes${goals.nodes === undefined ? "" : ` (goal ≤ ${goals.nodes})`}`,
    ].join(", "),
  );
  console.log(`  scrolled down: ${down} (goal p95 ≤ ${goals.p95})`);
  console.log(`  sideways: ${sideways}; all of it anew with each frame: ${leaps}`);
}

interface Times {
  /** From the key to the first cells painted. */
  readonly first: number;
  /** From the key to the line that says how many rows there are. */
  readonly all: number;
}

async function runOnPage(
  page: Page,
  { sql, rowCap }: { readonly sql: string; readonly rowCap: number },
): Promise<Times> {
  await page.locator(".cm-content").fill(sql);
  await page.locator("select").filter({ hasText: "100,000" }).selectOption(String(rowCap));
  await page.locator(".cm-content").focus();
  const ends = page.evaluate(
    () =>
      new Promise<{ first: number; all: number }>((resolve) => {
        const before = document.querySelector('[role="grid"]');
        let [begun, first] = [0, 0];
        addEventListener("keydown", () => (begun ||= performance.now()), { capture: true });
        const look = () => {
          const grid = document.querySelector('[role="grid"]');
          const now = performance.now();
          if (first === 0 && grid !== null && grid !== before && grid.querySelector('[role="gridcell"]'))
            first = now - begun;
          const outcome = document.querySelector('[role="status"][aria-label="Outcome"]')?.textContent ?? "";
          if (first > 0 && /rows/.test(outcome) && !/so far/.test(outcome))
            resolve({ first, all: now - begun });
          // A frame's callbacks come before it is painted, so what is found has been painted with the frame before.
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
  );
  await page.keyboard.press("Control+Enter");
  return ends;
}

/** Scrolls by so much a frame, and tells how late frames came and what the page worked for each. */
async function scrolled(page: Page, tools: CDPSession, x: number, y: number): Promise<string> {
  const worked = async () => {
    const { metrics } = await tools.send("Performance.getMetrics");
    return (metrics.find((one) => one.name === "TaskDuration")?.value ?? 0) * 1000;
  };
  const before = await worked();
  const frames = await page.evaluate(
    ([right, down]) =>
      new Promise<readonly number[]>((resolve) => {
        const grid = document.querySelector('[role="grid"]') as HTMLElement;
        grid.scrollTo(0, 0);
        const gaps: number[] = [];
        let last = 0;
        const step = (now: number) => {
          if (last > 0) gaps.push(now - last);
          last = now;
          if (gaps.length >= 150) resolve(gaps);
          else {
            grid.scrollBy(right, down);
            requestAnimationFrame(step);
          }
        };
        requestAnimationFrame(step);
      }),
    [x, y] as const,
  );
  const each = ((await worked()) - before) / frames.length;
  const most = Math.max(...frames);
  return `p95 ${quantile(frames, 0.95).toFixed(1)} ms, most ${most.toFixed(0)}, ${each.toFixed(1)} ms of work a frame`;
}

/** How long another person's `select 1` takes while the page receives 100,000 rows. */
async function others(page: Page, console_: SeededConsole): Promise<void> {
  const idle: number[] = [];
  const beside: number[] = [];
  for (let round = 0; round < 60; round += 1) idle.push((await run(console_, 1, "select 1", 10)).ms);
  for (let round = 0; round < rounds; round += 1) {
    let going = true;
    const rows = runOnPage(page, statements.many).finally(() => {
      going = false;
    });
    while (going) beside.push((await run(console_, 1, "select 1", 10)).ms);
    await rows;
  }
  console.log(
    `others' select 1 meanwhile: p95 ${quantile(beside, 0.95).toFixed(1)} ms (goal ≤ 30), alone ${quantile(idle, 0.95).toFixed(1)}`,
  );
}

async function signedIn(page: Page, { url, cookies, ids }: SeededConsole): Promise<void> {
  const pairs = (cookies[0] ?? "").split("; ").map((pair) => pair.split("="));
  await page
    .context()
    .addCookies(pairs.map(([name = "", ...value]) => ({ name, value: value.join("="), url })));
  // tsx names functions by a helper of its own, which a page does not have.
  await page.addInitScript("globalThis.__name = (made) => made");
  await page.goto(`${url}/connections/${ids[0]}`);
  await page.locator(".cm-content").waitFor();
}

interface RunAnswer {
  readonly ms: number;
  readonly firstMs: number;
  readonly bytes: number;
}

function run(
  { url, cookies, ids }: SeededConsole,
  person: number,
  sql: string,
  rowCap: number,
  isFar = false,
): Promise<RunAnswer> {
  const body = { sql, readOnly: true, runId: randomId(), tab: tabs[person], rev: 1, rowCap };
  const headers = {
    Origin: url,
    Cookie: cookies[person] ?? "",
    "Content-Type": "application/json",
    ...(isFar && { "Accept-Encoding": "gzip", "X-Forwarded-For": "192.0.2.7" }),
  };
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const address = `${url}/api/connections/${ids[0]}/run`;
    const request = httpRequest(address, { agent, method: "POST", headers }, (answer) => {
      let [bytes, firstMs, tail] = [0, 0, ""];
      answer.on("data", (part: Buffer) => {
        firstMs ||= performance.now() - begun;
        bytes += part.length;
      });
      const text = answer.headers["content-encoding"] === "gzip" ? answer.pipe(createGunzip()) : answer;
      text.on("data", (part: Buffer) => {
        tail = (tail + part.subarray(-600).toString("latin1")).slice(-600);
      });
      answer.on("error", reject);
      text.on("end", () => {
        if (tail.includes('"done"')) resolve({ ms: performance.now() - begun, firstMs, bytes });
        else reject(new Error(`${answer.statusCode} ${tail}`));
      });
    });
    request.on("error", reject);
    request.end(JSON.stringify(body));
  });
}

function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
