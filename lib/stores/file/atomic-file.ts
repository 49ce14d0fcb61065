import "server-only";
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { type Disk, systemErrorCode } from "./disk.ts";

/**
 * Puts a text in a file's place, whole or not at all: written beside it, synced, read back, renamed over it, and the
 * folder synced.
 * @throws the system's error, and then the old file is untouched; or `NotSynced`
 */
export async function replaceFile(disk: Disk, path: string, text: string): Promise<void> {
  const temporary = await writeBeside(disk, path, text);
  try {
    await disk.rename(temporary, path);
  } catch (error) {
    await removeQuietly(disk, temporary);
    throw error;
  }
  try {
    await syncFolder(disk, dirname(path));
  } catch (error) {
    const code = systemErrorCode(error);
    throw code === undefined ? error : new NotSynced(code);
  }
}

/** The new file is in its place, but a failure of the power could still bring back the old one. */
class NotSynced extends Error {
  readonly code: string;
  readonly syscall = "fsync";

  constructor(code: string) {
    super(`${code}: the folder of a file that was replaced cannot be synced`);
    this.code = code;
  }
}

/**
 * What to say when a file could not be replaced.
 * @throws the error, where it is a mistake of ours
 */
export function replaceProblem(path: string, error: unknown): Problem {
  const code = systemErrorCode(error);
  if (code === undefined) throw error;
  const saved = error instanceof NotSynced;
  return problem("vault-write-failed", { path, step: saved ? "sync" : "write", error: code, saved });
}

/**
 * As `replaceFile`, without the lock: whoever holds that clears away what killed writers left, and cannot tell it from
 * what a living one has just begun. Then it is written again.
 */
export async function replacePatiently(disk: Disk, path: string, text: string): Promise<void> {
  for (let left = 5; ; left -= 1) {
    try {
      return await replaceFile(disk, path, text);
    } catch (error) {
      const isGone = systemErrorCode(error) === "ENOENT" && !(error instanceof NotSynced);
      if (!isGone || left === 1) throw error;
    }
  }
}

/**
 * Writes a text to a new file beside `path`, syncs it, and reads it back. The name is random: a fixed one, left over
 * by a killed process, would block every later save.
 * @returns the new file's path
 */
export async function writeBeside(disk: Disk, path: string, text: string): Promise<string> {
  const temporary = `${path}.${randomBytes(8).toString("hex")}.tmp`;
  try {
    await writeNew(disk, temporary, text);
    if ((await readText(disk, temporary)) !== text) throw new ReadBackError(temporary);
  } catch (error) {
    await removeQuietly(disk, temporary);
    throw error;
  }
  return temporary;
}

/** The disk gave back something else than it was given. */
export class ReadBackError extends Error {
  readonly code = "EREADBACK";
  readonly syscall = "read";

  constructor(path: string) {
    super(`what was read back from ${path} is not what was written`);
  }
}

/**
 * Removes what killed processes left of `writeBeside`. Only under the lock that every writer of these files takes, or
 * where they write by `replacePatiently`: a living one's file looks the same.
 * @param isOurs tells the files by the name that they were to have
 */
export async function removeLeftOvers(
  disk: Disk,
  folder: string,
  isOurs: (name: string) => boolean,
): Promise<void> {
  for (const name of await leftOvers(disk, folder, isOurs)) {
    await disk.unlink(join(folder, name)).catch((error: unknown) => {
      // A living one has put it in its place meanwhile.
      if (systemErrorCode(error) !== "ENOENT") throw error;
    });
  }
}

/** The names of such files. */
export async function leftOvers(
  disk: Disk,
  folder: string,
  isOurs: (name: string) => boolean,
): Promise<readonly string[]> {
  try {
    const names = await disk.readdir(folder);
    return names.filter((name) => {
      const match = /^(.+)\.[0-9a-f]{16}\.tmp$/.exec(name);
      return match !== null && isOurs(match[1] ?? "");
    });
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return [];
    throw error;
  }
}

/** Makes a file that must not exist yet, for the owner alone, and syncs it. */
async function writeNew(disk: Disk, path: string, text: string): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const handle = await disk.open(path, flags, 0o600);
  try {
    await writeWhole(handle, Buffer.from(text, "utf8"));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes all of it, on a disk that takes a few bytes at a time as well. */
export async function writeWhole(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, offset);
    offset += bytesWritten;
  }
}

export async function readText(disk: Disk, path: string): Promise<string> {
  const handle = await disk.open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

/** Makes the folder's own entries durable, where the system can: Windows and some network file systems cannot. */
export async function syncFolder(disk: Disk, path: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await disk.open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } catch (error) {
    if (!["EINVAL", "ENOTSUP"].includes(systemErrorCode(error) ?? "")) throw error;
  } finally {
    await handle.close();
  }
}

export async function removeQuietly(disk: Disk, path: string): Promise<void> {
  await disk.unlink(path).catch(() => undefined);
}
