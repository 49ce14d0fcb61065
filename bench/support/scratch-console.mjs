import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Starts the production console on a scratch vault, as `npm start` does.
 * @param {{ env?: Record<string, string>, node?: readonly string[], seed?: (folders: Record<string, string>) => Promise<void> }} options
 *   settings besides the folders, and what fills those before the start
 * @returns {Promise<{ url: string, pid: number, msToFirstAnswer: number, setupToken: string, stop: () => Promise<void> }>}
 */
export async function scratchConsole({ env = {}, node = [], seed } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "cloak-db-bench-"));
  const folders = {
    CLOAK_DB_CONFIG_DIR: join(folder, "config"),
    CLOAK_DB_STATE_DIR: join(folder, "state"),
  };
  await seed?.(folders);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const begun = performance.now();
  // BENCH_NODE="--cpu-prof --cpu-prof-dir=profiles" npm run bench -- http: where its time goes.
  const forNode = [...node, ...(process.env.BENCH_NODE?.split(" ") ?? [])];
  const child = spawn(process.execPath, [...forNode, "bin/cloak-db", "start", "--port", String(port)], {
    cwd: join(import.meta.dirname, "../.."),
    env: { ...process.env, ...folders, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  await answered(`${url}/api/health`, child);
  const msToFirstAnswer = performance.now() - begun;
  while (seed === undefined && !/token=([^\s#&]+)/.test(output)) await pause(20);
  return {
    url,
    pid: child.pid,
    msToFirstAnswer,
    setupToken: /token=([^\s#&]+)/.exec(output)?.[1] ?? "",
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Asks until there is an answer. */
export async function answered(url, child) {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await pause(5);
  }
}

/** A port nobody listens on at this moment. */
export async function freePort() {
  const { createServer } = await import("node:net");
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The middle one of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
