// Cold start to the first answer, and idle memory, of the console, with an empty vault and with 10,000 connections; with a
// bare `next start` of the same build as the floor.
// Goals: 600 ms, 105 MB; 750 ms, 140 MB.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { draft } from "./support/draft.ts";
import { answered, freePort, median, pause, scratchConsole } from "./support/scratch-console.mjs";
import { type SeededConsole, seededConsole } from "./support/seeded-console.ts";

const runs = 5;
const many = 10_000;
const { pem: ca } = await makeCertificate({ ca: true, commonNames: ["Bench Root"], key: "rsa-2048" });
const connections = Array.from({ length: many }, (_, index) =>
  draft(`connection ${index}`, { trust: "own", ca }),
);
const measures = { empty: measured(), full: measured(), bare: measured() };

for (let run = 0; run <= runs; run += 1) {
  const found = {
    empty: await started(scratchConsole()),
    full: await started(seededConsole({ connections, signedIn: false })),
    bare: await bareNextStart(),
  };
  // The first of each reads the disk for all.
  if (run === 0) continue;
  for (const name of ["empty", "full", "bare"] as const) {
    measures[name].ms.push(found[name].ms);
    measures[name].mb.push(found[name].mb);
  }
}

tell("empty", measures.empty);
tell(`${many} connections`, measures.full);
tell("bare next start", measures.bare);
console.log(`medians of ${runs} runs, Node ${process.versions.node}`);

type Started = Pick<SeededConsole, "pid" | "msToFirstAnswer" | "stop">;

interface Measured {
  readonly ms: number[];
  readonly mb: number[];
}

function measured(): Measured {
  return { ms: [], mb: [] };
}

function tell(what: string, { ms, mb }: Measured): void {
  const range = `${Math.min(...ms).toFixed(0)}–${Math.max(...ms).toFixed(0)}`;
  const ratio = (median(ms) / median(measures.bare.ms)).toFixed(2);
  console.log(
    `${what.padEnd(18)} first answer ${median(ms).toFixed(0)} ms (${range}, ${ratio} of bare), idle ${median(mb).toFixed(0)} MB`,
  );
}

async function started(starting: Promise<Started>): Promise<{ ms: number; mb: number }> {
  const server = await starting;
  await pause(3000);
  const mb = await residentMb(server.pid);
  await server.stop();
  return { ms: server.msToFirstAnswer, mb };
}

async function bareNextStart(): Promise<{ ms: number; mb: number }> {
  const port = await freePort();
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    ["node_modules/next/dist/bin/next", "start", "--hostname", "127.0.0.1", "--port", String(port)],
    { cwd: join(import.meta.dirname, ".."), stdio: "ignore" },
  );
  await answered(`http://127.0.0.1:${port}/api/health`, child).catch(() => undefined);
  const elapsed = performance.now() - begun;
  await pause(3000);
  const mb = await residentMb(child.pid ?? 0);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
  return { ms: elapsed, mb };
}

/** Resident memory of a process, MB; Linux only. */
async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1000;
}
