// What a person waits for, over HTTP against the production console, each beside its floor in the same run: a bare `pg`
// client that does the same, or what the server answers at its simplest.
// Run: npm run bench -- http
import { performance } from "node:perf_hooks";
import pg from "pg";
import { newDraft, type ProfileDraft } from "#lib/profiles/profile.ts";
import { randomId } from "#lib/random-id.ts";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { startPostgres } from "#lib/samples/postgres-server.ts";
import { Secret } from "#lib/secret.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { cpuOf } from "./support/cpu-of.ts";
import { emptyApp } from "./support/empty-app.ts";
import { closeRequests, quantile, run, send, tabOf, timed } from "./support/requests.ts";
import { median, pause } from "./support/scratch-console.mjs";
import { seededConsole } from "./support/seeded-console.ts";

const root = await makeCertificate({ ca: true, commonNames: ["Bench Root"], key: "rsa-2048" });
const leaf = await makeCertificate({ dns: ["localhost"], issuer: root, key: "rsa-2048" });
const server = await startPostgres({
  certificate: leaf,
  users: [{ name: "app", password: "secret" }],
  settings: { max_connections: 200 },
});
await server.writeHba(["host all all all scram-sha-256"]);

try {
  const parts = {
    test: testRoundTrip,
    runs: manyRuns,
    pauses: oneConnectionManyUsers,
    rows: whileRowsGo,
  };
  const wanted = process.argv.slice(2);
  for (const [name, measure] of Object.entries(parts))
    if (wanted.length === 0 || wanted.includes(name)) await measure();
} finally {
  closeRequests();
  await server.stop();
}

/** Row 1: Test connection as the browser sends it, against a bare `pg` client with the same checks and one query. */
async function testRoundTrip(): Promise<void> {
  const console_ = await seededConsole({});
  try {
    const values = {
      ...newFormValues,
      ...Object.fromEntries(
        Object.entries({
          host: "localhost",
          port: String(server.port),
          database: "postgres",
          user: "app",
          password: "secret",
        }),
      ),
    };
    const form = { ...values, mode: "verify-full", trust: "own", ca: root.pem };
    const test = () =>
      send(console_, "POST", `/api/attempts/${randomId()}/test`, JSON.stringify({ values: form }), {
        "Content-Type": "application/json",
        Cookie: console_.cookies[0] ?? "",
      });
    // The database's own first connection is slower, whoever makes it: here it is neither's.
    await server.admin("select 1");
    const first = await timed(test);
    const bareFirst = await timed(barePg);
    const rounds = { test: [] as number[], bare: [] as number[] };
    for (let round = 0; round < 40; round += 1) {
      rounds.bare.push((await timed(barePg)).ms);
      rounds.test.push((await timed(test)).ms);
      // The limit of tests to one's own machine is one a second.
      if (round >= 10) await pause(900);
    }
    if (!first.value.includes('"done"')) throw new Error(first.value.slice(0, 400));
    line("test connection, first after a start", first.ms, bareFirst.ms, "bare pg", "≤ 1.6");
    line("test connection, warm", median(rounds.test), median(rounds.bare), "bare pg", "≤ 1.3");
  } finally {
    await console_.stop();
  }
}

/** Row 2: 50 parallel `select 1` of 10 users. The floor is an empty app with a pool. */
async function manyRuns(): Promise<void> {
  const drafts = Array.from({ length: 10 }, (_, index) => draft(`own-${index}`));
  const console_ = await seededConsole({ members: 9, connections: drafts });
  try {
    const lane = async (index: number, rounds: number, times: number[]) => {
      const cookie = console_.cookies[index % 10] ?? "";
      const id = console_.ids[index % 10] ?? "";
      for (let round = 0; round < rounds; round += 1)
        times.push((await timed(() => run(console_, cookie, id, "select 1", { tab: tabOf(index) }))).ms);
    };
    const load = async (rounds: number) => {
      const times: number[] = [];
      const stop = stopwatch(console_.pid, times);
      await Promise.all(Array.from({ length: 50 }, (_, index) => lane(index, rounds, times)));
      return stop();
    };
    // Numbers, not times: on a busy machine the first runs of all tabs would take the whole of a time.
    await load(10);
    const bare = await floor(40);
    const found = await load(40);
    console.log(`50 parallel select 1, 10 users: ${told(found)}`);
    console.log(`the framework and a pool alone: ${told(bare)}`);
    console.log(`ratio ${(found.perSecond / bare.perSecond).toFixed(2)}, goal ≥ 0.9`);
  } finally {
    await console_.stop();
  }
}

interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of the processor for one request: of the process that answers, and of the database's server. */
  readonly cpu: readonly [number, number];
}

/** @returns what has come of it since */
function stopwatch(pid: number, times: readonly number[]): () => Load {
  const used = () => [cpuOf(pid) ?? Number.NaN, cpuOf(server.pid) ?? Number.NaN] as const;
  const before = used();
  const begun = performance.now();
  return () => {
    const [own, ofServer] = used();
    const each = (seconds: number) => (seconds * 1000) / times.length;
    return {
      perSecond: (times.length * 1000) / (performance.now() - begun),
      p50: median(times),
      p99: quantile(times, 0.99),
      cpu: [each(own - before[0]), each(ofServer - before[1])],
    };
  };
}

function told({ perSecond, p50, p99, cpu }: Load): string {
  const [own, ofServer] = cpu.map((ms) => ms.toFixed(2));
  return `${perSecond.toFixed(0)}/s, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms; processor ${own} ms a run, the server's ${ofServer}`;
}

/** The same number of requests to an empty app with a pool: nobody is asked who they are, nothing is streamed. */
function floor(rounds: number): Promise<Load> {
  return withSelectApp(async (ask, pid) => {
    const times: number[] = [];
    const run = (each: number) =>
      Promise.all(
        Array.from({ length: 50 }, async () => {
          for (let round = 0; round < each; round += 1) times.push((await timed(ask)).ms);
        }),
      );
    await run(10);
    times.length = 0;
    const stop = stopwatch(pid, times);
    await run(rounds);
    return stop();
  });
}

/** @param work is given what asks the app for `select 1` */
async function withSelectApp<T>(work: (ask: () => Promise<unknown>, pid: number) => Promise<T>): Promise<T> {
  const app = await emptyApp({ BENCH_DATABASE: `postgres://app:secret@localhost:${server.port}/postgres` });
  const body = JSON.stringify({ sql: "select 1" });
  try {
    return await work(
      () => send(app, "POST", "/select", body, { "Content-Type": "application/json" }),
      app.pid,
    );
  } finally {
    await app.stop();
  }
}

/** Row 3: 20 users on one saved connection, with pauses of 50 ms. The floor is an empty app with a pool. */
async function oneConnectionManyUsers(): Promise<void> {
  const console_ = await seededConsole({ members: 19, connections: [draft("shared")] });
  try {
    const id = console_.ids[0] ?? "";
    const asks = console_.cookies.map((cookie) => () => run(console_, cookie, id, "select 1"));
    const before = await backendsStarted();
    const { times, runs } = await withPauses(asks);
    const dialled = (await backendsStarted()) - before - asks.length;
    const bare = await withSelectApp((ask) => withPauses(asks.map(() => ask)));
    console.log(
      `20 users, one connection: p50 ${median(times).toFixed(1)} ms, p95 ${quantile(times, 0.95).toFixed(1)} ms; ` +
        `the framework and a pool alone ${median(bare.times).toFixed(1)} and ${quantile(bare.times, 0.95).toFixed(1)}; goal ≤ 10; ` +
        `${((100 * Math.max(0, dialled)) / runs).toFixed(1)} % of ${runs} runs dialled, goal ≤ 2 %`,
    );
  } finally {
    await console_.stop();
  }
}

/** Everybody asks again and again, 50 ms after the last answer. The first seconds, of code that is new, do not count. */
async function withPauses(
  asks: readonly (() => Promise<unknown>)[],
): Promise<{ readonly times: readonly number[]; readonly runs: number }> {
  const times: number[] = [];
  let runs = 0;
  const counts = performance.now() + 3000;
  const until = counts + 8000;
  await Promise.all(
    asks.map(async (ask) => {
      while (performance.now() < until) {
        const { ms } = await timed(ask);
        runs += 1;
        if (performance.now() > counts) times.push(ms);
        await pause(50);
      }
    }),
  );
  return { times, runs };
}

/** Row 4: others' `select 1` while 100,000 rows go to one and to two users. */
async function whileRowsGo(): Promise<void> {
  const console_ = await seededConsole({ members: 3, connections: [draft("a"), draft("b"), draft("c")] });
  try {
    const [one = "", two = "", other = ""] = console_.cookies;
    const [a = "", b = "", c = ""] = console_.ids;
    const big =
      "select n, 'row ' || n as name, now() as at, n * 1.5 as half from generate_series(1, 100000) as n";
    const others = async (busy: readonly (() => Promise<unknown>)[]) => {
      let going = busy.length;
      const done = busy.map((act) => act().finally(() => (going -= 1)));
      const times: number[] = [];
      const until = performance.now() + 1500;
      while (busy.length === 0 ? performance.now() < until : going > 0)
        times.push((await timed(() => run(console_, other, c, "select 1"))).ms);
      await Promise.all(done);
      return quantile(times, 0.95);
    };
    for (const [cookie, id] of [
      [one, a],
      [two, b],
      [other, c],
    ] as const)
      await run(console_, cookie, id, "select 1");
    const rows = (cookie: string, id: string) => () => run(console_, cookie, id, big, { rowCap: 100_000 });
    const idle = await others([]);
    const withOne = await others([rows(one, a)]);
    const withTwo = await others([rows(one, a), rows(two, b)]);
    console.log(
      `others' select 1, p95: idle ${idle.toFixed(1)} ms, beside one ${withOne.toFixed(1)} (goal ≤ 30), beside two ${withTwo.toFixed(1)} (goal ≤ 45)`,
    );
  } finally {
    await console_.stop();
  }
}

function draft(name: string): ProfileDraft {
  return {
    ...newDraft(),
    name,
    host: "localhost",
    port: server.port,
    database: "postgres",
    user: "app",
    tls: {
      ...newDraft().tls,
      trust: "own",
      ca: root.pem,
    },
    connectTimeoutMs: 10_000,
    secrets: { password: new Secret("secret") },
  };
}

async function barePg(): Promise<void> {
  const client = new pg.Client({
    host: "localhost",
    port: server.port,
    user: "app",
    password: "secret",
    database: "postgres",
    ssl: { ca: root.pem },
  });
  await client.connect();
  await client.query("select 1");
  await client.end();
}

async function backendsStarted(): Promise<number> {
  const rows = await server.admin("select sum(sessions)::int as n from pg_stat_database");
  return Number((rows[0] as { n: number }).n);
}

function line(what: string, ms: number, floorMs: number, floor: string, goal: string): void {
  console.log(
    `${what.padEnd(38)} ${ms.toFixed(1)} ms; ${floor} ${floorMs.toFixed(1)} ms; ratio ${(ms / floorMs).toFixed(2)}, goal ${goal}`,
  );
}
