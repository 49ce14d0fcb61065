import "server-only";
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** The temporary folder in which this process keeps its sample servers. */
export interface SampleFolder {
  readonly path: string;
  /** Removes the folder. Every server in it has ended before. */
  remove(): Promise<void>;
}

/**
 * Makes the folder and sees to it that neither it nor a server in it outlives this process, however it ends:
 * on exit and on a signal the servers are ended here; when there was no time for that (SIGKILL, a crash) a
 * shell, waiting for the other end of its pipe to close, does it.
 *
 * A server's data is in `<folder>/<anything>/data`, so that its process is found in `postmaster.pid` there.
 */
export function makeSampleFolder(): SampleFolder {
  const folder = mkdtempSync(path.join(shortTmpdir(), "cloak-db-samples-"));
  // The servers of a root user run as somebody else, who must get through.
  chmodSync(folder, 0o711);
  const watcher = startWatcher(folder);
  const clear = () => {
    endServers(folder);
    rmSync(folder, { recursive: true, force: true });
    watcher.kill("SIGKILL");
  };
  remember(clear);

  return {
    path: folder,
    async remove() {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      forget(clear);
      watcher.kill("SIGKILL");
    },
  };
}

/** What has to be cleared away when this process ends. */
const pending = new Set<() => void>();

function remember(clear: () => void): void {
  if (pending.size === 0) {
    process.on("exit", clearAll);
    for (const signal of signals) process.on(signal, onSignal);
  }
  pending.add(clear);
}

function forget(clear: () => void): void {
  pending.delete(clear);
  if (pending.size > 0) return;
  process.off("exit", clearAll);
  for (const signal of signals) process.off(signal, onSignal);
}

function clearAll(): void {
  for (const clear of [...pending]) {
    clear();
    forget(clear);
  }
}

/** Does what nobody else does; where somebody else listens too, they end the process, and `exit` follows. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  clearAll();
  process.kill(process.pid, signal);
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A path of a unix socket has room for about 100 bytes, and macOS's temporary folder takes half of them. */
function shortTmpdir(): string {
  return tmpdir().length > 60 ? "/tmp" : tmpdir();
}

const watch = `
trap '' INT TERM HUP
while read -r _; do :; done
for file in "$1"/*/data/postmaster.pid; do
  [ -f "$file" ] && read -r pid <"$file" && kill -QUIT "$pid"
done
tries=0
while [ "$tries" -lt 50 ] && ls "$1"/*/data/postmaster.pid; do sleep 0.1; tries=$((tries + 1)); done
rm -rf "$1"
`;

function startWatcher(folder: string): ChildProcess {
  const watcher = spawn("/bin/sh", ["-c", watch, "cloak-db-samples", folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: "/usr/bin:/bin", NODE_ENV: "production" },
  });
  watcher.on("error", () => undefined);
  watcher.stdin.on("error", () => undefined);
  watcher.unref();
  if ("unref" in watcher.stdin && typeof watcher.stdin.unref === "function") watcher.stdin.unref();
  return watcher;
}

/** Ends the servers while nothing else runs: an immediate shutdown, whose end is the end of its pid file. */
function endServers(folder: string): void {
  const pidFiles = existsSync(folder)
    ? readdirSync(folder).map((name) => path.join(folder, name, "data", "postmaster.pid"))
    : [];
  for (const file of pidFiles) quit(file);
  const until = Date.now() + 5000;
  while (pidFiles.some((file) => existsSync(file)) && Date.now() < until) sleepSync(5);
}

function quit(pidFile: string): void {
  try {
    process.kill(Number.parseInt(readFileSync(pidFile, "utf8"), 10), "SIGQUIT");
  } catch {
    // No such file or no such process: it has ended already.
  }
}

function sleepSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
