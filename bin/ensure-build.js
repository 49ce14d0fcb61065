import { spawn } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./root.js";
import { word } from "./words.js";

/** Where the build is; the same variable that next.config.mjs reads. */
export const buildFolder = path.resolve(root, process.env.CLOAK_DB_BUILD_DIR ?? ".next");

/**
 * Builds the console when there is no build, or when it is older than the sources of this checkout. Of several that
 * need it at once one builds and the others wait.
 * @param {(line: string) => void} say
 * @returns {Promise<boolean>} false when the build failed; it has said why
 */
export async function ensureBuild(say) {
  if (isBuilt()) return true;
  const lock = `${buildFolder}.lock`;
  if (!isWritable(path.dirname(buildFolder))) {
    process.stderr.write(`${word("start.buildForbidden", { folder: path.dirname(buildFolder) })}\n`);
    return false;
  }
  while (!takeLock(lock)) {
    say(word("start.waitingForBuild"));
    while (isHeld(lock)) await sleep(200);
    if (isBuilt()) return true;
  }
  const release = () => rmSync(lock, { recursive: true, force: true });
  process.once("exit", release);
  try {
    say(word("start.building"));
    return (await runBuild()) && isBuilt();
  } finally {
    process.off("exit", release);
    release();
  }
}

function isBuilt() {
  const id = path.join(buildFolder, "BUILD_ID");
  if (!existsSync(id)) return false;
  // What was installed or copied somewhere is as its maker built it; only a checkout has moving sources.
  if (!existsSync(path.join(root, ".git"))) return true;
  const builtAt = statSync(id).mtimeMs;
  return sources.every((source) => newest(path.join(root, source)) <= builtAt);
}

const sources = [
  "app",
  "components",
  "lib",
  "messages",
  "package-lock.json",
  "next.config.mjs",
  "postcss.config.mjs",
  "proxy.ts",
  "instrumentation.ts",
  "tsconfig.json",
];

/** Latest change below a path; what only the command line reads does not count. */
function newest(file) {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found || /[\\/]lib[\\/](cli|samples)$/.test(file)) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(file).map((name) => newest(path.join(file, name))));
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function takeLock(lock) {
  if (isHeld(lock)) return false;
  try {
    rmSync(lock, { recursive: true, force: true });
    mkdirSync(lock);
    writeFileSync(path.join(lock, "pid"), String(process.pid));
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** A lock whose maker has gone is none. */
function isHeld(lock) {
  let pid;
  try {
    pid = Number(readFileSync(path.join(lock, "pid"), "utf8"));
  } catch {
    // Between the folder and the file in it there is an instant.
    const found = statSync(lock, { throwIfNoEntry: false });
    return found !== undefined && Date.now() - found.mtimeMs < 2000;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

async function runBuild() {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "build.js")], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    // Its report is for whoever builds; here it is only shown when it fails.
    stdio: ["ignore", "pipe", "pipe"],
  });
  let report = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part) => {
      report += part;
    });
  }
  const stop = () => child.kill("SIGTERM");
  process.once("exit", stop);
  const code = await new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("close", resolve);
  });
  process.off("exit", stop);
  if (code !== 0) process.stderr.write(`${report}\n${word("start.buildFailed")}\n`);
  return code === 0;
}
