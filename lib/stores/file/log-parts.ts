import "server-only";
import { type BigIntStats, constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { type Disk, systemErrorCode } from "./disk.ts";
import { privateFileProblem } from "./permissions.ts";

/**
 * A log lies in parts: `<name>.1.jsonl`, `<name>.2.jsonl` and so on are closed, `<name>.jsonl` is the one that lines are
 * added to.
 */
export function partPath(folder: string, name: string, number?: number): string {
  return join(folder, number === undefined ? `${name}.jsonl` : `${name}.${number}.jsonl`);
}

/** Whether a file's name is that of a log, or of a closed part of one. */
export function isLogName(name: string): boolean {
  return /^[a-z-]+(?:\.[1-9]\d{0,8})?\.jsonl$/.test(name);
}

/** Whether it is the one that lines are added to. */
export function isPresentPart(name: string): boolean {
  return /^[a-z-]+\.jsonl$/.test(name);
}

/** The numbers of the closed parts that are there, in order. */
export async function closedParts(disk: Disk, folder: string, name: string): Promise<readonly number[]> {
  const names = await disk.readdir(folder);
  return names
    .map((file) => {
      const number = /^([1-9]\d{0,8})\.jsonl$/.exec(file.slice(name.length + 1))?.[1];
      return file.startsWith(`${name}.`) && number !== undefined ? Number(number) : 0;
    })
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
}

/** A part that can be read: what is added to it later is not in `size`. */
export interface OpenPart {
  readonly handle: FileHandle;
  readonly size: number;
  /** Another one whenever the file was written, or replaced. */
  readonly version: string;
  readonly inode: bigint;
}

/** Opens a file of the log for its owner alone. @returns what is unsafe about it @throws the system's error */
export async function openPart(disk: Disk, path: string, flags: number): Promise<Result<OpenPart>> {
  const handle = await disk.open(path, flags | (constants.O_NOFOLLOW ?? 0), 0o600);
  const found = await handle.stat({ bigint: true }).catch(async (error: unknown) => {
    await handle.close();
    throw error;
  });
  const unsafe = unsafePart(path, found);
  if (unsafe === undefined) {
    const version = `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}`;
    return ok({ handle, size: Number(found.size), version, inode: found.ino });
  }
  await handle.close();
  return failed(unsafe);
}

/** As `openPart`; undefined where there is none. */
export async function openPartIfThere(
  disk: Disk,
  path: string,
  flags: number,
): Promise<Result<OpenPart | undefined>> {
  try {
    return await openPart(disk, path, flags);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return ok(undefined);
    throw error;
  }
}

function unsafePart(path: string, found: BigIntStats): Problem | undefined {
  return found.isFile()
    ? privateFileProblem(path, { mode: Number(found.mode), uid: Number(found.uid) })
    : problem("vault-damaged", { reason: "not-a-file", path });
}
