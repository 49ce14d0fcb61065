import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { syncFolder } from "./atomic-file.ts";
import { canonicalBytes, lengthPrefixed } from "./canonical.ts";
import { type Disk, systemErrorCode } from "./disk.ts";
import { closedPathProblem, privateFileProblem } from "./permissions.ts";

/** One line of a chained log: what was noted, with its number. */
export type Chained<T> = T & { readonly seq: number };

/** Some lines, newest first. */
export interface LogPage<T> {
  readonly entries: readonly Chained<T>[];
  /** Where the older ones end, for the next page; null when there are none. */
  readonly older: number | null;
}

/** Whether the log is as it was written. */
export type ChainState =
  | { readonly state: "whole"; readonly entries: number }
  /** The first line that does not follow from those before it: changed, taken out, or put in. */
  | { readonly state: "broken"; readonly line: number }
  /** What is there fits, but more has been there. */
  | { readonly state: "shortened"; readonly entries: number; readonly known: number };

/**
 * A log that only grows: JSON lines beside the configuration, in clear, each sealed with everything before it. Whoever
 * can write to the file can still change it, but not unnoticed.
 */
export interface ChainedLog<T> {
  /**
   * Adds a line and waits until the disk has it.
   * @returns its number; or `vault-write-failed`, `vault-unsafe-permissions`, and whatever keeps the vault from being read
   */
  append(entry: T): Promise<Result<number>>;
  /** @param before where a page said that the older ones end; left out for the newest */
  newest(count: number, before?: number): Promise<Result<LogPage<T>>>;
  /** Reads everything and follows the chain. */
  check(): Promise<Result<ChainState>>;
}

interface Setting<T> {
  readonly folder: string;
  /** Where the number of the last line is kept a second time: from the file alone nobody can tell that its end is gone. */
  readonly stateDir: string;
  readonly storeId: string;
  readonly disk: Disk;
  readonly key: Buffer;
  readonly schema: z.ZodType<T>;
  /** One writer at a time, over all processes. */
  exclusively<R>(work: () => Promise<Result<R>>): Promise<Result<R>>;
}

/** Longest line, in bytes: what is noted is facts, not documents. */
const longestLine = 8 * 1024;
const chunk = 256 * 1024;

/** A log of that name: lower-case letters and hyphens. */
export function chainedLog<T extends object>(name: string, setting: Setting<T>): ChainedLog<T> {
  const { disk, key } = setting;
  const path = join(setting.folder, `${name}.jsonl`);
  const headPath = join(setting.stateDir, `${name}-head.json`);

  async function append(entry: T): Promise<Result<number>> {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND;
    const opened = await openPrivate(disk, path, flags);
    if (!opened.ok) return opened;
    const { handle, size } = opened.value;
    try {
      const end = await endOf(handle, size);
      const head = await readHead(disk, headPath, setting.storeId);
      const seq = Math.max(end.seq, head) + 1;
      const body = { seq, ...entry };
      const mac = sealOf(key, end.mac, body);
      const line = Buffer.from(`${JSON.stringify({ ...body, mac })}\n`, "utf8");
      if (line.length > longestLine) throw new RangeError("a line of the log is too long");
      // What a killed process left unfinished was never answered for.
      if (end.whole < size) await handle.truncate(end.whole);
      await writeWhole(handle, line);
      await handle.sync();
      if (size === 0) await syncFolder(disk, dirname(path));
      await writeHead(disk, headPath, setting.storeId, seq);
      return ok(seq);
    } finally {
      await handle.close();
    }
  }

  return {
    append: (entry) =>
      setting.exclusively(async () => {
        try {
          return await append(entry);
        } catch (error) {
          return failed(writeProblem(path, error));
        }
      }),

    newest: (count, before) =>
      reading(disk, path, { entries: [], older: null } as LogPage<T>, async (handle, size) => {
        const entries: Chained<T>[] = [];
        let end = Math.min(before ?? size, size);
        for await (const { text, start } of linesBackwards(handle, end)) {
          if (entries.length === count) return { entries, older: end };
          end = start;
          const parsed = readLine(text, setting.schema);
          // A line that cannot be read is what `check` speaks of.
          if (parsed !== undefined) entries.push(parsed.entry);
        }
        return { entries, older: null };
      }),

    check: async () => {
      const known = await readHead(disk, headPath, setting.storeId);
      const nothing: ChainState =
        known > 0 ? { state: "shortened", entries: 0, known } : { state: "whole", entries: 0 };
      return reading(disk, path, nothing, async (handle, size): Promise<ChainState> => {
        let mac = "";
        let seq = 0;
        for await (const text of linesForward(handle, size)) {
          const parsed = readLine(text, setting.schema);
          const fits =
            parsed !== undefined &&
            parsed.entry.seq === seq + 1 &&
            isSame(parsed.mac, sealOf(key, mac, parsed.entry));
          if (!fits) return { state: "broken", line: seq + 1 };
          seq += 1;
          mac = parsed.mac;
        }
        return seq < known ? { state: "shortened", entries: seq, known } : { state: "whole", entries: seq };
      });
    },
  };
}

function sealOf(key: Buffer, before: string, body: object): string {
  return createHmac("sha256", key)
    .update(lengthPrefixed([before, canonicalBytes(body)]))
    .digest("base64url");
}

function isSame(given: string, made: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(made)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const chainFields = z.looseObject({ seq: z.int().min(1), mac: z.string().length(43) });

function readLine<T extends object>(
  text: string,
  schema: z.ZodType<T>,
): { readonly entry: Chained<T>; readonly mac: string } | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const chained = chainFields.safeParse(json);
  if (!chained.success) return undefined;
  const { seq, mac, ...rest } = chained.data;
  const parsed = schema.safeParse(rest);
  return parsed.success ? { entry: { ...parsed.data, seq }, mac } : undefined;
}

/** The last whole line, and where it ends. Its seal is taken as it stands: a changed one shows when the chain is followed. */
async function endOf(
  handle: FileHandle,
  size: number,
): Promise<{ readonly seq: number; readonly mac: string; readonly whole: number }> {
  const start = Math.max(0, size - 2 * longestLine);
  const text = (await readAt(handle, start, size)).toString("latin1");
  const whole = text.lastIndexOf("\n") + 1;
  if (whole === 0) return { seq: 0, mac: "", whole: start === 0 ? 0 : size };
  const lineStart = text.lastIndexOf("\n", whole - 2) + 1;
  const line = Buffer.from(text.slice(lineStart, whole - 1), "latin1").toString("utf8");
  const parsed = readLine(line, z.looseObject({}));
  return { seq: parsed?.entry.seq ?? 0, mac: parsed?.mac ?? "", whole: start + whole };
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
