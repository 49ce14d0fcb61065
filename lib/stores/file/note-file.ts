import "server-only";
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { dirname, join } from "node:path";
import type { StoredNote } from "#lib/vault/store.ts";
import { replacePatiently, syncFolder } from "./atomic-file.ts";
import { type Disk, systemErrorCode } from "./disk.ts";

/** A file of the state folder that only this user can read. */
export function noteFile(fileName: string, stateDir: string, disk: Disk): StoredNote {
  const path = join(stateDir, fileName);
  return {
    place: path,
    read: () => readNote(disk, path),
    write: async (text) => {
      await disk.mkdir(stateDir, { recursive: true, mode: 0o700 });
      await replacePatiently(disk, path, text);
    },
    take: async () => {
      // Of several that come at once only one can move the file away.
      const taken = join(dirname(path), `${fileName}.${randomBytes(8).toString("hex")}.tmp`);
      try {
        await disk.rename(path, taken);
      } catch (error) {
        if (systemErrorCode(error) === "ENOENT") return false;
        throw error;
      }
      // By no failure of the power may it be there again: it is good once.
      await syncFolder(disk, dirname(path));
      await disk.unlink(taken);
      return true;
    },
  };
}

/** Longer ones are none of ours. */
const longestNote = 1024;

async function readNote(disk: Disk, path: string) {
  try {
    const handle = await disk.open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const { mtimeMs, size } = await handle.stat();
      const text = size > longestNote ? "" : await handle.readFile("utf8");
      return { text, writtenAt: mtimeMs };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemErrorCode(error);
    // A link in its place is not followed: none of ours is one.
    if (code === "ENOENT" || code === "ELOOP") return undefined;
    throw error;
  }
}
