// Lighthouse as on a phone, for every page: the median of some runs, and an empty app of the same framework as the floor. A
// phone is this machine slowed down fourfold: by the index of its speed, printed last, figures of two machines can be told
// apart (Lighthouse was set for some 1,000 to 1,500 and more). The package is no dependency, it weighs 185 MB. Install it
// anywhere, and name the folder:
//   npm install --prefix ../lighthouse --ignore-scripts lighthouse@12
//   BENCH_LIGHTHOUSE=../lighthouse npm run bench -- lighthouse
// BENCH_RUNS is how often each page is looked at (5), BENCH_PAGE the only one that is beside the floor, as `/connections/[id]`.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { findBrowser } from "#tests/support/browser.ts";
import { emptyApp } from "./support/empty-app.ts";
import { withEveryPage } from "./support/every-page.ts";
import { answered, freePort, median } from "./support/scratch-console.mjs";

const goals = { performance: 97, accessibility: 100, "best-practices": 100 };
type Category = keyof typeof goals;
const categories = Object.keys(goals) as Category[];
const runs = Number(process.env.BENCH_RUNS ?? 5);

interface Report {
  readonly lhr: {
    readonly environment: { readonly benchmarkIndex: number };
    readonly categories: Readonly<
      Record<
        string,
        {
          readonly score: number | null;
          readonly auditRefs: readonly { readonly id: string; readonly weight: number }[];
        }
      >
    >;
    readonly audits: Readonly<
      Record<
        string,
        { readonly score: number | null; readonly displayValue?: string; readonly numericValue?: number }
      >
    >;
  };
}

type Lighthouse = (url: string, flags: object) => Promise<Report | undefined>;

const lighthouse = await load();
if (lighthouse === undefined) {
  console.log(
    "Skipped: BENCH_LIGHTHOUSE names no folder in which the package lighthouse is installed (see bench/lighthouse.ts).",
  );
} else {
  const browser = await startBrowser();
  try {
    const speeds: number[] = [];
    const look = async (name: string, url: string, cookie: string) => {
      const reports: Report["lhr"][] = [];
      for (let run = 0; run < runs; run += 1) {
        const report = await lighthouse(url, {
          port: browser.port,
          onlyCategories: categories,
          extraHeaders: cookie === "" ? {} : { Cookie: cookie },
          logLevel: "silent",
        });
        if (report !== undefined) reports.push(report.lhr);
      }
      speeds.push(...reports.map(({ environment }) => environment.benchmarkIndex));
      const scores = categories.map((category) => told(category, reports));
      console.log(`${name.padEnd(32)} ${scores.join("   ")}   ${tellBlocked(reports)}`);
    };
    const floor = await emptyApp();
    try {
      await look("an empty app", floor.url, "");
    } finally {
      await floor.stop();
    }
    await withEveryPage(async ({ origin, pages }) => {
      const only = process.env.BENCH_PAGE;
      for (const { name, path, cookie } of pages)
        if (only === undefined || only === name) await look(name, `${origin}${path}`, cookie);
    });
    const goalsTold = categories.map((category) => `${category} ${goals[category]}`).join(", ");
    console.log(`goals: ${goalsTold}; medians of ${runs}; the machine's index ${Math.round(median(speeds))}`);
  } finally {
    await browser.stop();
  }
}

async function load(): Promise<Lighthouse | undefined> {
  const folder = process.env.BENCH_LIGHTHOUSE;
  if (folder === undefined) return undefined;
  const entry = createRequire(resolve(folder, "package.json")).resolve("lighthouse");
  return ((await import(pathToFileURL(entry).href)) as { readonly default: Lighthouse }).default;
}

/** The median score, and where it misses its goal what took the points in the last run. */
function told(category: Category, reports: readonly Report["lhr"][]): string {
  const scores = reports.map(({ categories: found }) => Math.round(100 * (found[category]?.score ?? 0)));
  const score = median(scores);
  const last = reports.at(-1);
  if (score >= goals[category] || last === undefined) return `${category} ${score}`;
  const lost = (last.categories[category]?.auditRefs ?? [])
    .filter(({ id, weight }) => weight > 0 && (last.audits[id]?.score ?? 1) < 0.95)
    .map(({ id }) => `${id} ${last.audits[id]?.displayValue ?? ""}`.trim());
  return `${category} ${score} MISSED (${lost.join(", ")})`;
}

/** What performance is mostly made of where a page has few files: the paint that counts, and how long the page was busy. */
function tellBlocked(reports: readonly Report["lhr"][]): string {
  const of = (audit: string) =>
    Math.round(median(reports.map(({ audits }) => audits[audit]?.numericValue ?? Number.NaN)));
  return `LCP ${of("largest-contentful-paint")} ms, blocked ${of("total-blocking-time")} ms`;
}

async function startBrowser(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const { executablePath, args, env } = await findBrowser();
  const profile = await mkdtemp(join(tmpdir(), "cloak-db-bench-browser-"));
  const port = await freePort();
  const child = spawn(
    executablePath,
    [...args, `--remote-debugging-port=${port}`, `--user-data-dir=${profile}`, "about:blank"],
    { env: { ...process.env, ...env }, stdio: "ignore" },
  );
  await answered(`http://127.0.0.1:${port}/json/version`, child);
  return {
    port,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
