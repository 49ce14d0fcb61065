import "server-only";

/** Where a command reads and writes, so that a test can stand in for the terminal. */
export interface Io {
  readonly stdin: NodeJS.ReadStream;
  out(line: string): void;
  err(line: string): void;
}

/** 0: done. 1: it did not succeed. 2: it was called wrongly. */
export type ExitCode = 0 | 1 | 2;

/** The terminal of this process. */
export function processIo(): Io {
  // A reader that has seen enough (`| head`) is no failure of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return {
    stdin: process.stdin,
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
  };
}
