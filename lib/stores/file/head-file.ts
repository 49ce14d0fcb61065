import "server-only";
import { constants } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "./atomic-file.ts";
import { type Disk, systemErrorCode } from "./disk.ts";

/** What the state folder remembers of a log or document: from its files alone nobody can tell that newer ones are gone. */
export interface Head {
  /** The number of a log's last line, the revision of a document; 0 where nothing is known. */
  readonly seq: number;
  /** The number of the part that a log's lines are added to. */
  readonly part: number;
}

export interface HeadFile {
  /** Where nothing is known, nothing: who can garble this file could as well remove it. */
  read(): Promise<Head>;
  /**
   * Written over itself in one piece of always the same length, and not synced: after a crash it may lag behind, never
   * run ahead. What it speaks of is on the disk by then, so a head that cannot be written undoes nothing. It takes no new
   * room, so that it works on a full disk.
   */
  write(head: Head): Promise<void>;
}

/** One file a vault: several may share a state folder. */
export function headFile(disk: Disk, stateDir: string, name: string, storeId: string): HeadFile {
  const path = join(stateDir, `${name}-head.${storeId}.json`);
  // Until 1.0.0-alpha.1 there was one for all.
  const formerPath = join(stateDir, `${name}-head.json`);
  return {
    read: async () =>
      (await readHead(disk, path, storeId)) ?? (await readHead(disk, formerPath, storeId)) ?? nothingKnown,
    write: async ({ seq, part }) => {
      try {
        const flags = constants.O_WRONLY | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
        const handle = await disk.open(path, flags, 0o600);
        try {
          const text = JSON.stringify({ storeId, seq, part });
          await writeWhole(handle, Buffer.from(text.padEnd(127).concat("\n")));
        } finally {
          await handle.close();
        }
      } catch (error) {
        if (systemErrorCode(error) === undefined) throw error;
      }
    },
  };
}

const headSchema = z.object({ storeId: z.string(), seq: z.int().min(1), part: z.int().min(1).default(1) });
const nothingKnown: Head = { seq: 0, part: 1 };

/** Longer ones are none of ours. */
const longestHead = 1024;

async function readHead(disk: Disk, path: string, storeId: string): Promise<Head | undefined> {
  try {
    const handle = await disk.open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      if ((await handle.stat()).size > longestHead) return undefined;
      const parsed = headSchema.safeParse(JSON.parse(await handle.readFile("utf8")));
      return parsed.success && parsed.data.storeId === storeId ? parsed.data : undefined;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof SyntaxError || systemErrorCode(error) !== undefined) return undefined;
    throw error;
  }
}
