import "server-only";
import { isUtf8 } from "node:buffer";
import { constants } from "node:fs";
import { dirname } from "node:path";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { largestFile } from "#lib/vault/document.ts";
import { removeQuietly, syncFolder, writeBeside } from "./atomic-file.ts";
import { type Disk, nodeDisk, systemErrorCode } from "./disk.ts";

/**
 * Writes a copy of a vault to a file that must not exist yet, for its owner alone: whole and read back before it has its
 * name.
 * @returns `vault-write-failed` with the system's `error`: `EEXIST` where there is such a file
 */
export async function writeCopyFile(
  path: string,
  text: string,
  disk: Disk = nodeDisk,
): Promise<Result<void>> {
  let temporary: string | undefined;
  try {
    temporary = await writeBeside(disk, path, text);
    await giveName(disk, temporary, path);
    await syncFolder(disk, dirname(path));
    return ok(undefined);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return failed(problem("vault-write-failed", { path, step: "copy", error: code, saved: false }));
  } finally {
    if (temporary !== undefined) await removeQuietly(disk, temporary);
  }
}

/** By a link, which never takes the place of another file. Some file systems, as on sticks, have none. */
async function giveName(disk: Disk, temporary: string, path: string): Promise<void> {
  try {
    await disk.link(temporary, path);
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(systemErrorCode(error) ?? "")) {
      throw error;
    }
    await disk.copyFile(temporary, path, constants.COPYFILE_EXCL);
    const handle = await disk.open(path, "r+");
    await handle.sync().finally(() => handle.close());
  }
}

/**
 * Reads a copy of a vault from wherever a person keeps it: there its rights are theirs, and what it holds is sealed.
 * @returns the text and when it was written; or `reason`: the system's code, or `large`
 */
export async function readCopyFile(
  path: string,
  disk: Disk = nodeDisk,
): Promise<
  Result<
    { readonly text: string; readonly bytes: number; readonly savedAt: string },
    { readonly reason: string }
  >
> {
  try {
    const handle = await disk.open(path, "r");
    try {
      const { size, mtime } = await handle.stat();
      if (size > largestFile) return failed({ reason: "large" });
      const bytes = await handle.readFile();
      // A byte that is not UTF-8 cannot be in one; what is left of it is no JSON.
      const text = isUtf8(bytes) ? bytes.toString("utf8") : "";
      return ok({ text, bytes: size, savedAt: mtime.toISOString() });
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return failed({ reason: code });
  }
}
