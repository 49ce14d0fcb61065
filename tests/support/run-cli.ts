import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

export const cliProgram = fileURLToPath(new URL("../../bin/cloak-db", import.meta.url));

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
  /** Runs as this user; only root can. */
  readonly uid?: number;
  /** The `bin/cloak-db` of another checkout. */
  readonly program?: string;
}

/** Runs `cloak-db` as a process, in an environment that holds nothing of the person who runs the tests. */
export function runCli(
  args: readonly string[],
  { env, stdin, cwd, uid, program = cliProgram }: CliOptions = {},
): Promise<CliRun> {
  const child = spawn(process.execPath, [program, ...args], {
    env: cleanEnvironment(env),
    cwd: cwd ?? tmpdir(),
    ...(uid === undefined ? {} : { uid, gid: uid }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    stdout += part;
  });
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    stderr += part;
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin ?? "");
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/**
 * Runs a command in this process: for what does not look at the environment, a tenth of the time. `start` is not there,
 * and an exit code is what the process would end with.
 */
export async function runHere(args: readonly string[]): Promise<CliRun> {
  const { main } = await import("#lib/cli/main.ts");
  const printed = { out: "", err: "" };
  const code = await main(args, {
    stdin: process.stdin,
    out: (line) => {
      printed.out += `${line}\n`;
    },
    err: (line) => {
      printed.err += `${line}\n`;
    },
  });
  return { code, stdout: printed.out, stderr: printed.err };
}

/**
 * As a process would, in this one: a tenth of the time. Only for a test that lets `readEnvironment` read anew each time: a
 * process keeps the environment that it began with.
 */
export async function runInProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stdin = "",
): Promise<CliRun> {
  const { main } = await import("#lib/cli/main.ts");
  const printed = { out: "", err: "" };
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, env);
  try {
    const code = await main(args, {
      stdin: Readable.from([stdin]) as unknown as NodeJS.ReadStream,
      out: (line) => {
        printed.out += `${line}\n`;
      },
      err: (line) => {
        printed.err += `${line}\n`;
      },
    });
    return { code, stdout: printed.out, stderr: printed.err };
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

export interface RunningCli {
  readonly pid: number;
  /** All that it printed so far, on both streams. */
  printed(): string;
  /** Waits for a text on either stream. @throws with what was printed when the process ends before */
  until(text: RegExp): Promise<RegExpMatchArray>;
  /** The exit code or signal that it ended with. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

/** Starts a command that runs until it is told to stop. */
export function startCli(args: readonly string[], { env, cwd, uid }: CliOptions = {}): RunningCli {
  const child = spawn(process.execPath, [cliProgram, ...args], {
    env: cleanEnvironment(env),
    cwd: cwd ?? tmpdir(),
    ...(uid === undefined ? {} : { uid, gid: uid }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      child.emit("printed");
    });
  }
  return {
    pid: child.pid ?? 0,
    printed: () => text,
    ended,
    until: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = wanted.exec(text);
          if (match) resolve(match);
        };
        child.on("printed", look);
        look();
        void ended.then(() => reject(new Error(`It ended before it printed ${wanted}:\n${text}`)));
      }),
    async end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

/**
 * An ordinary user for a test that runs as root, one that the system knows by name; undefined otherwise, when
 * everybody is ordinary already.
 */
export function ordinaryUid(): number | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const uids = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => Number(line.split(":")[2]));
  const found = uids.find((uid) => uid >= 1000) ?? uids.find((uid) => uid > 0);
  if (found === undefined) throw new Error("This system has no user but root to run a test as");
  return found;
}

/** The little that a program needs, and what a test adds. */
export function cleanEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH, TMPDIR, CLOAK_DB_BUILD_DIR } = process.env;
  const kept = Object.entries({ PATH, TMPDIR, CLOAK_DB_BUILD_DIR }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...(Object.fromEntries(kept) as NodeJS.ProcessEnv), HOME: "/nonexistent", ...more };
}

/** A folder for one test file; `remove` takes it away. */
export function scratchFolder(): {
  readonly path: string;
  readonly env: Record<string, string>;
  remove(): void;
} {
  const folder = mkdtempSync(path.join(tmpdir(), "cloak-db-test-"));
  const home = path.join(folder, "home");
  mkdirSync(home, { mode: 0o700 });
  return {
    path: folder,
    env: {
      HOME: home,
      CLOAK_DB_CONFIG_DIR: path.join(folder, "config"),
      CLOAK_DB_STATE_DIR: path.join(folder, "state"),
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
