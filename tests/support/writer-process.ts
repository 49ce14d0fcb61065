import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A running `vault-writer.ts`. */
export interface WriterProcess {
  readonly child: ChildProcess;
  /** The counts of the saves that it was told are safe, so far. */
  readonly acknowledged: readonly number[];
  readonly ready: Promise<void>;
  /** The signal or exit code that it ended with, and what it complained of. */
  readonly ended: Promise<{ readonly how: string; readonly errors: string }>;
}

/** Starts a process that counts in a vault; `searchPath` is its PATH, `partBytes` how large a part of its log grows. */
export function startWriter(
  { searchPath, ...setup }: object & { readonly searchPath?: string; readonly partBytes?: number },
  saves: number,
  ...options: string[]
): WriterProcess {
  const script = join(import.meta.dirname, "vault-writer.ts");
  const given = [script, JSON.stringify(setup), String(saves), ...options];
  const child = spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", ...given], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...(searchPath === undefined ? {} : { PATH: searchPath }) },
  });
  const acknowledged: number[] = [];
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const lines = createInterface({ input: child.stdout });
  const ready = new Promise<void>((resolve, reject) => {
    lines.on("line", (line) => {
      if (line === "ready") resolve();
      else acknowledged.push(Number(line));
    });
    child.once("close", () => reject(new Error(`the writer never began: ${errors}`)));
  });
  ready.catch(() => undefined);
  const ended = new Promise<{ how: string; errors: string }>((resolve) => {
    child.once("close", (code, signal) => resolve({ how: signal ?? String(code), errors }));
  });
  return { child, acknowledged, ready, ended };
}
