import "server-only";
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { join } from "node:path";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { removeQuietly } from "./atomic-file.ts";
import { type Disk, systemErrorCode } from "./disk.ts";
import { isPresentPart } from "./log-parts.ts";
import { privateFileProblem } from "./permissions.ts";
import type { RecordsFile } from "./records-file.ts";
import type { VaultFolders } from "./vault-folders.ts";

/** More than any line or session takes, so that a disk with a few bytes left is full as well. */
const enough = Buffer.alloc(16 * 1024);

/**
 * Writes a small file into each folder and takes it away, and opens every log as an append would. Strangers may ask for
 * it: it reads no file, so that it costs the same however much is kept.
 */
export async function tryOut(folders: VaultFolders, beside: RecordsFile, disk: Disk): Promise<Result<void>> {
  const safe = await beside.examine();
  if (!safe.ok) return safe;
  for (const folder of [folders.configDir, folders.stateDir]) {
    // Named as what a killed process leaves: should this one be killed here, it is cleared away like that.
    const name = folder === folders.configDir ? "try-out.json" : "setup-token";
    const path = join(folder, `${name}.${randomBytes(8).toString("hex")}.tmp`);
    const failure = await tryWriting(disk, path);
    if (failure !== undefined) {
      return failed(
        problem("vault-write-failed", { path: folder, step: "write", error: failure, saved: false }),
      );
    }
  }
  for (const name of await namesIn(disk, folders.configDir)) {
    if (!isPresentPart(name)) continue;
    const found = await tryAppending(disk, join(folders.configDir, name));
    if (!found.ok) return found;
  }
  return ok(undefined);
}

async function namesIn(disk: Disk, folder: string): Promise<readonly string[]> {
  return disk.readdir(folder).catch((error: unknown): string[] => {
    if (systemErrorCode(error) === undefined) throw error;
    return [];
  });
}

async function tryWriting(disk: Disk, path: string): Promise<string | undefined> {
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
    const handle = await disk.open(path, flags, 0o600);
    try {
      const { bytesWritten } = await handle.write(enough, 0, enough.length, 0);
      return bytesWritten < enough.length ? "ENOSPC" : undefined;
    } finally {
      await handle.close();
      await removeQuietly(disk, path);
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return code;
  }
}

async function tryAppending(disk: Disk, path: string): Promise<Result<void>> {
  try {
    const flags = constants.O_RDWR | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);
    const handle = await disk.open(path, flags);
    const found = await handle.stat().finally(() => handle.close());
    const unsafe = found.isFile()
      ? privateFileProblem(path, found)
      : problem("vault-damaged", { reason: "not-a-file", path });
    return unsafe === undefined ? ok(undefined) : failed(unsafe);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return failed(problem("vault-write-failed", { path, step: "write", error: code, saved: false }));
  }
}
