import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { answered, freePort } from "./scratch-console.mjs";

const root = join(import.meta.dirname, "../..");
const app = join(root, "bench/empty-app");
const built = join(root, ".next-empty/BUILD_ID");

/**
 * An empty app of the console's framework, started for one measure: the least that anything made with it costs.
 * @param env for its process; `BENCH_DATABASE` is where its one handler sends statements
 */
export async function emptyApp(
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly url: string; readonly pid: number; stop(): Promise<void> }> {
  const next = join(root, "node_modules/next/dist/bin/next");
  if (isOld()) {
    const build = spawnSync(process.execPath, [next, "build", app], { cwd: root, encoding: "utf8" });
    if (build.status !== 0) throw new Error(build.stdout + build.stderr);
  }
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [next, "start", app, "-H", "127.0.0.1", "-p", String(port)];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: "ignore",
  });
  await answered(url, child);
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Built for another version of the framework, or before its handler was there. */
function isOld(): boolean {
  if (!existsSync(built)) return true;
  const since = statSync(built).mtimeMs;
  const sources = [
    join(root, "node_modules/next/package.json"),
    join(app, "app/select/route.js"),
    join(app, "app/page.jsx"),
  ];
  return sources.some((file) => statSync(file).mtimeMs > since);
}
