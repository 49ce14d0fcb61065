import "server-only";
import { constants } from "node:fs";
import { z } from "zod";
import { writeWhole } from "./atomic-file.ts";
import { type Disk, systemErrorCode } from "./disk.ts";

/** What the state folder remembers of a log: from its files alone nobody can tell that its end is gone. */
export interface LogHead {
  /** The number of its last line, 0 where nothing is known. */
  readonly seq: number;
  /** The number of the part that lines are added to. */
  readonly part: number;
}

const headSchema = z.object({ storeId: z.string(), seq: z.int().min(1), part: z.int().min(1).default(1) });
const nothingKnown: LogHead = { seq: 0, part: 1 };

/** Where nothing is known, nothing: who can garble this file could as well remove it. */
export async function readHead(disk: Disk, path: string, storeId: string): Promise<LogHead> {
  try {
    const handle = await disk.open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const parsed = headSchema.safeParse(JSON.parse(await handle.readFile("utf8")));
      return parsed.success && parsed.data.storeId === storeId ? parsed.data : nothingKnown;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof SyntaxError || systemErrorCode(error) !== undefined) return nothingKnown;
    throw error;
  }
}

/**
 * Written over itself in one piece of always the same length, and not synced: after a crash it may lag behind, never run
 * ahead. The line itself is on the disk by then, so a head that cannot be written undoes nothing.
 */
export async function writeHead(
  disk: Disk,
  path: string,
  storeId: string,
  { seq, part }: LogHead,
): Promise<void> {
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
}
