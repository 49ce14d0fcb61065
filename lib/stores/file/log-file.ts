import "server-only";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { StoredLog } from "#lib/vault/store.ts";
import { syncFolder } from "./atomic-file.ts";
import { type Disk, systemErrorCode } from "./disk.ts";
import { closedPathProblem, privateFileProblem } from "./permissions.ts";
import type { RecordsFile } from "./records-file.ts";
import type { VaultFolders } from "./vault-folders.ts";

/** Longest line, in bytes: what is noted is facts, not documents. */
const longestLine = 8 * 1024;
const chunk = 256 * 1024;

/**
 * The file `<name>.jsonl` beside the configuration: lower-case letters and hyphens. The number of its last line is kept
 * a second time in the state folder: from the file alone nobody can tell that its end is gone.
 */
export function logFile(
  name: string,
  storeId: string,
  folders: VaultFolders,
  beside: RecordsFile,
  disk: Disk,
): StoredLog {
  const path = join(folders.configDir, `${name}.jsonl`);
  const headPath = join(folders.stateDir, `${name}-head.json`);
  const known = () => readHead(disk, headPath, storeId);

  async function append(next: Parameters<StoredLog["append"]>[0]): Promise<Result<number>> {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND;
    const opened = await openPrivate(disk, path, flags);
    if (!opened.ok) return opened;
    const { handle, size } = opened.value;
    try {
      const end = await endOf(handle, size);
      const { line, seq } = next(end.line, await known());
      const bytes = Buffer.from(`${line}\n`, "utf8");
      if (bytes.length > longestLine) throw new RangeError("a line of the log is too long");
      // What a killed process left unfinished was never answered for.
      if (end.whole < size) await handle.truncate(end.whole);
      await writeWhole(handle, bytes);
      await handle.sync();
      if (size === 0) await syncFolder(disk, dirname(path));
      await writeHead(disk, headPath, storeId, seq);
      return ok(seq);
    } finally {
      await handle.close();
    }
  }

  return {
    known,
    append: (next) =>
      beside.exclusively(async () => {
        try {
          return await append(next);
        } catch (error) {
          return failed(writeProblem(path, error));
        }
      }),
    backwards: (take, before) =>
      reading(disk, path, null as number | null, async (handle, size) => {
        let end = Math.min(before ?? size, size);
        for await (const { text, start } of linesBackwards(handle, end)) {
          if (!take(text)) return end;
          end = start;
        }
        return null;
      }),
    forwards: (take) =>
      reading(disk, path, undefined, async (handle, size) => {
        for await (const text of linesForward(handle, size)) if (!take(text)) return;
      }),
  };
}

/** The last whole line, and where it ends. */
async function endOf(
  handle: FileHandle,
  size: number,
): Promise<{ readonly line: string | undefined; readonly whole: number }> {
  const start = Math.max(0, size - 2 * longestLine);
  const text = (await readAt(handle, start, size)).toString("latin1");
  const whole = text.lastIndexOf("\n") + 1;
  if (whole === 0) return { line: undefined, whole: start === 0 ? 0 : size };
  const lineStart = text.lastIndexOf("\n", whole - 2) + 1;
  const line = Buffer.from(text.slice(lineStart, whole - 1), "latin1").toString("utf8");
  return { line, whole: start + whole };
}

async function* linesForward(handle: FileHandle, size: number): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for (let at = 0; at < size; at += chunk) {
    const part = await readAt(handle, at, Math.min(size, at + chunk));
    const bytes = rest.length === 0 ? part : Buffer.concat([rest, part]);
    let from = 0;
    for (let to = bytes.indexOf(10, from); to !== -1; to = bytes.indexOf(10, from)) {
      yield bytes.toString("utf8", from, to);
      from = to + 1;
    }
    rest = bytes.subarray(from);
    // Nobody wrote a line as long as that.
    if (rest.length > chunk) break;
  }
  if (rest.length > chunk) yield "";
}

/** Whole lines from the last to the first, each with the place where it begins. */
async function* linesBackwards(
  handle: FileHandle,
  end: number,
): AsyncGenerator<{ readonly text: string; readonly start: number }> {
  let bytes: Buffer = Buffer.alloc(0);
  let at = end;
  for (;;) {
    let to = bytes.lastIndexOf(10);
    while (to !== -1) {
      const from = to === 0 ? -1 : bytes.lastIndexOf(10, to - 1);
      if (from === -1 && at > 0) break;
      yield { text: bytes.toString("utf8", from + 1, to), start: at + from + 1 };
      bytes = bytes.subarray(0, from + 1);
      to = bytes.lastIndexOf(10);
    }
    if (at === 0 || bytes.length > chunk) return;
    const start = Math.max(0, at - chunk);
    bytes = Buffer.concat([await readAt(handle, start, at), bytes]);
    at = start;
  }
}

async function readAt(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from);
  let got = 0;
  while (got < bytes.length) {
    const { bytesRead } = await handle.read(bytes, got, bytes.length - got, from + got);
    if (bytesRead === 0) break;
    got += bytesRead;
  }
  return bytes.subarray(0, got);
}

async function writeWhole(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, offset);
    offset += bytesWritten;
  }
}

async function reading<R>(
  disk: Disk,
  path: string,
  nothing: R,
  work: (handle: FileHandle, size: number) => Promise<R>,
): Promise<Result<R>> {
  try {
    const opened = await openPrivate(disk, path, constants.O_RDONLY);
    if (!opened.ok) return opened;
    try {
      return ok(await work(opened.value.handle, opened.value.size));
    } finally {
      await opened.value.handle.close();
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT") return ok(nothing);
    if (code === "EACCES" || code === "EPERM") return failed(closedPathProblem(dirname(path), code));
    throw error;
  }
}

async function openPrivate(
  disk: Disk,
  path: string,
  flags: number,
): Promise<Result<{ readonly handle: FileHandle; readonly size: number }>> {
  const handle = await disk.open(path, flags | (constants.O_NOFOLLOW ?? 0), 0o600);
  const found = await handle.stat();
  const unsafe = found.isFile()
    ? privateFileProblem(path, found)
    : problem("vault-damaged", { reason: "not-a-file", path });
  if (unsafe === undefined) return ok({ handle, size: found.size });
  await handle.close();
  return failed(unsafe);
}

function writeProblem(path: string, error: unknown) {
  const code = systemErrorCode(error);
  if (code === undefined) throw error;
  return problem("vault-write-failed", { path, step: "write", error: code, saved: false });
}

const headSchema = z.object({ storeId: z.string(), seq: z.int().min(1) });

/** 0 where nothing is known: who can garble this file could as well remove it. */
async function readHead(disk: Disk, path: string, storeId: string): Promise<number> {
  try {
    const handle = await disk.open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const parsed = headSchema.safeParse(JSON.parse(await handle.readFile("utf8")));
      return parsed.success && parsed.data.storeId === storeId ? parsed.data.seq : 0;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof SyntaxError || systemErrorCode(error) !== undefined) return 0;
    throw error;
  }
}

/**
 * Written over itself in one piece of always the same length, and not synced: after a crash it may lag behind, never run
 * ahead. The line itself is on the disk by then, so a head that cannot be written undoes nothing.
 */
async function writeHead(disk: Disk, path: string, storeId: string, seq: number): Promise<void> {
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
    const handle = await disk.open(path, flags, 0o600);
    try {
      await writeWhole(handle, Buffer.from(`${JSON.stringify({ storeId, seq })}`.padEnd(127).concat("\n")));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
  }
}
