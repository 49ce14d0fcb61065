import "server-only";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface ConsoleProcess {
  /** Its address, without a trailing slash. */
  readonly url: string;
  /** Resolves when the process has ended, however that came. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface ConsoleOptions {
  readonly host: string;
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  /** Gives the start up. */
  readonly signal: AbortSignal;
}

/**
 * Starts the console in a process of its own, as `cloak-db start` does; it ends when this process ends.
 * @returns the running console; a taken port and the next free one; or undefined, and then it has said why
 */
export async function startConsole(options: ConsoleOptions): Promise<ConsoleProcess | PortTaken | undefined> {
  if (options.signal.aborted) return undefined;
  const program = fileURLToPath(new URL("../../bin/cloak-db", import.meta.url));
  const args = [program, "start", "--host", options.host, "--port", String(options.port), "--report"];
  const child = spawn(process.execPath, args, {
    env: options.env,
    // Its own group: Ctrl+C in the terminal is for the demo, which ends everything in order.
    detached: true,
    // The channel is also how it learns that this process has gone.
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const giveUp = () => child.kill("SIGTERM");
  options.signal.addEventListener("abort", giveUp);
  const first = await Promise.race([firstMessage(child), ended.then(() => undefined)]);
  options.signal.removeEventListener("abort", giveUp);
  if (first?.type === "ready") return { url: first.url, ended, stop: () => stop(child) };
  await stop(child);
  return first;
}

/** bin/start.js sends one of the two. */
type Message = { readonly type: "ready"; readonly url: string } | PortTaken;

export interface PortTaken {
  readonly type: "port-taken";
  readonly next: number | null;
}

async function firstMessage(child: ChildProcess): Promise<Message> {
  const [message] = await once(child, "message");
  return message;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 11_000);
  await exited;
  clearTimeout(force);
}
