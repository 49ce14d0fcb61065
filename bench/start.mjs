// Cold start to the first answer, and idle memory, of the console; with a bare `next start` of the same build as the floor.
// Goals: 600 ms, 150 MB.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { answered, freePort, median, pause, scratchConsole } from "./support/scratch-console.mjs";

const runs = 5;
const ours = [];
const floor = [];
const memory = [];
const floorMemory = [];

for (let run = 0; run <= runs; run += 1) {
  const console_ = await scratchConsole();
  await pause(3000);
  const rss = await residentMb(console_.pid);
  await console_.stop();
  const bare = await bareNextStart();
  // The first of each reads the disk for both.
  if (run === 0) continue;
  ours.push(console_.msToFirstAnswer);
  memory.push(rss);
  floor.push(bare.ms);
  floorMemory.push(bare.rss);
}

console.log(
  `first answer   ${ms(ours)}   bare next start ${ms(floor)}   ratio ${(median(ours) / median(floor)).toFixed(2)}`,
);
console.log(
  `idle memory    ${mb(memory)}   bare next start ${mb(floorMemory)}   ratio ${(median(memory) / median(floorMemory)).toFixed(2)}`,
);
console.log(`goals          600 ms, 150 MB (medians of ${runs} runs, Node ${process.versions.node})`);

async function bareNextStart() {
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
  const rss = await residentMb(child.pid);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
  return { ms: elapsed, rss };
}

/** Resident memory of a process, MB; Linux only. */
async function residentMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1000;
}

function ms(values) {
  return `${median(values).toFixed(0)} ms (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`;
}

function mb(values) {
  return `${median(values).toFixed(0)} MB`;
}
