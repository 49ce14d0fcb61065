import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { cleanEnvironment, cliProgram, scratchFolder } from "./run-cli.ts";

export interface ConsoleOptions {
  /** Settings of the console; folders that are named here are the caller's to remove. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another build folder than `.next`, relative to the repository. */
  readonly build?: string;
  /** Another `cloak-db` than this checkout's. */
  readonly program?: string;
  /** Runs as this user, to whom the folders that `env` names must belong; only root can. */
  readonly uid?: number;
}

export interface TestConsole {
  /** Its address, without a trailing slash; the same after a restart. */
  readonly url: string;
  readonly configDir: string;
  readonly stateDir: string;
  readonly pid: number;
  /** The one-time token of `/setup`, as the server wrote it. */
  setupToken(): string;
  /** All that the server printed so far. */
  log(): string;
  /** Ends the process and starts it again on the same vault and port. */
  restart(): Promise<void>;
  /** Ends the process as a power cut would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the real production server, `bin/cloak-db start`, on a free port and a scratch vault. When there is no build,
 * or it is older than the sources, it builds first; several at once share that build.
 * @throws with what it printed when it does not start
 */
export async function startConsole({
  env = {},
  build,
  program = cliProgram,
  uid,
}: ConsoleOptions = {}): Promise<TestConsole> {
  const scratch = scratchFolder();
  const environment = cleanEnvironment({
    ...scratch.env,
    ...(build === undefined ? {} : { CLOAK_DB_BUILD_DIR: build }),
    ...env,
  });
  const printed: string[] = [];
  const launch = (port: number) => start(program, uid, environment, port, printed);
  let running: Running;
  try {
    running = await launch(0);
  } catch (error) {
    scratch.remove();
    throw error;
  }
  process.once("exit", scratch.remove);
  const stateDir = environment.CLOAK_DB_STATE_DIR ?? "";
  const { url } = running;

  return {
    url,
    configDir: environment.CLOAK_DB_CONFIG_DIR ?? "",
    stateDir,
    get pid() {
      return running.child.pid ?? 0;
    },
    setupToken: () => readFileSync(path.join(stateDir, "setup-token"), "utf8").trim(),
    log: () => printed.join(""),
    async restart() {
      await end(running.child, "SIGTERM");
      running = await launch(Number(new URL(url).port));
    },
    kill: () => end(running.child, "SIGKILL"),
    async stop() {
      await end(running.child, "SIGTERM");
      scratch.remove();
      process.off("exit", scratch.remove);
    },
  };
}

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
}

async function start(
  program: string,
  uid: number | undefined,
  env: NodeJS.ProcessEnv,
  port: number,
  printed: string[],
): Promise<Running> {
  const args = [program, "start", "--port", String(port), "--report"];
  // Over the channel it says that it is ready, and notices when this process has gone.
  const user = uid === undefined ? {} : { uid, gid: uid };
  const child = spawn(process.execPath, args, { env, ...user, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (part: string) => printed.push(part));
  }
  const ready = once(child, "message").then(([message]) => message as { type: string; url: string });
  const ended = once(child, "exit").then(() => undefined);
  const message = await Promise.race([ready, ended]);
  if (message?.type === "ready") return { child, url: message.url };
  await end(child, "SIGTERM");
  throw new Error(`The console did not start (${message?.type ?? "it ended"}):\n${printed.join("")}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}
