import "server-only";
import { type ChildProcess, spawn } from "node:child_process";
import { childEnvironment } from "#lib/env.ts";
import type { Lock } from "./held-lock.ts";
import { acquireLockFile } from "./lock-file.ts";

export interface LockChoice {
  /** How long to wait for another holder, ms. */
  readonly patience?: number;
  /** Set to use the lock file even where flock(1) is installed. */
  readonly means?: Lock["means"];
}

/**
 * Waits for the lock beside a file.
 *
 * Node has no flock(2). A child of flock(1) (util-linux or busybox) holds it for as long as a pipe from us is open:
 * the kernel frees it however we end, so no rule about stale locks and no clock is needed. Where the program is
 * missing, or the file system cannot lock, a lock file takes its place.
 * @param path a file made for this purpose alone
 * @returns the lock, or undefined when another process kept it for longer than `patience`
 */
export async function acquireLock(path: string, choice: LockChoice = {}): Promise<Lock | undefined> {
  const patience = choice.patience ?? 30_000;
  if (choice.means !== "lock-file" && flockWorks !== false) {
    const outcome = await acquireFlock(path, patience);
    if (outcome === "busy") return undefined;
    // Two processes must not lock in two ways: once it has worked here, it is never given up.
    flockWorks ??= outcome !== "missing";
    if (outcome !== "missing") return outcome;
    if (flockWorks) return undefined;
  }
  return acquireLockFile(`${path}-owner`, patience);
}

/** How this process locks, as far as it knows: undefined before the first lock. */
export function lockMeans(): Lock["means"] | undefined {
  return flockWorks === undefined ? undefined : flockWorks ? "flock" : "lock-file";
}

let flockWorks: boolean | undefined;

function acquireFlock(path: string, patience: number): Promise<Lock | "busy" | "missing"> {
  // `cat` ends when our end of the pipe closes, also when we are killed. The child leads a process group of its own,
  // so that Ctrl-C in a terminal does not take the lock away in the middle of a save.
  const child = spawn("flock", ["-x", path, "sh", "-c", "echo held; exec cat > /dev/null"], {
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
    env: childEnvironment(),
  });
  const ended = new Promise<"busy" | "missing">((resolve) => {
    // Killed while it waited is not the same as unable to lock.
    child.once("exit", (_code, signal) => resolve(signal === null ? "missing" : "busy"));
    child.once("error", (error) => resolve("code" in error && error.code === "ENOENT" ? "missing" : "busy"));
  });
  child.stdin?.on("error", () => undefined);

  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.stdin?.destroy();
      child.kill("SIGKILL");
      resolve("busy");
    }, patience);
    child.stdout?.once("data", () => {
      clearTimeout(timer);
      resolve(flockOf(child, ended));
    });
    ended.then((why) => {
      clearTimeout(timer);
      resolve(why);
    });
  });
}

function flockOf(child: ChildProcess, ended: Promise<unknown>): Lock {
  return {
    means: "flock",
    held: async () => {
      // One turn of the event loop, so that an end that has already happened is known.
      await new Promise((resolve) => setImmediate(resolve));
      return child.exitCode === null && child.signalCode === null;
    },
    release: async () => {
      child.stdin?.end();
      await ended;
    },
  };
}
