import "server-only";
import { basename, join } from "node:path";
import { z } from "zod";
import type { SeenRevision } from "#lib/vault/store.ts";
import { readText, removeLeftOvers, replaceFile } from "./atomic-file.ts";
import { type Disk, systemErrorCode } from "./disk.ts";

/** Where the guard of a state folder lies. Removing it is how a person says that an older file is meant. */
export function guardPath(stateDir: string): string {
  return join(stateDir, "highest-revision.json");
}

/**
 * What was seen of every vault, by store id. From the file alone nobody can tell that an old copy was put back; this
 * second file, in another folder, can.
 * @returns undefined when there is no guard, or one that cannot be read: who can garble it could as well remove it
 */
export async function readGuard(
  stateDir: string,
  disk: Disk,
): Promise<Readonly<Record<string, SeenRevision>> | undefined> {
  try {
    const parsed = guardSchema.safeParse(JSON.parse(await readText(disk, guardPath(stateDir))));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || systemErrorCode(error) !== undefined) return undefined;
    throw error;
  }
}

/**
 * Raises the guard to a revision that is safely on disk. Call it under the lock of the records. A guard that cannot be
 * written does not undo a save that has happened, so system errors are not passed on.
 * @returns whether it was written
 */
export async function raiseGuard(
  stateDir: string,
  storeId: string,
  seen: SeenRevision,
  disk: Disk,
): Promise<boolean> {
  const known = (await readGuard(stateDir, disk)) ?? {};
  const before = known[storeId];
  if (before !== undefined && before.rev >= seen.rev) return true;
  try {
    await removeLeftOvers(disk, stateDir, (name) => name === basename(guardPath(stateDir)));
    const text = `${JSON.stringify({ ...known, [storeId]: seen })}\n`;
    await replaceFile(disk, guardPath(stateDir), text);
    return true;
  } catch (error) {
    if (systemErrorCode(error) !== undefined) return false;
    throw error;
  }
}

const entrySchema = z.strictObject({ rev: z.int().min(1), mac: z.string().max(64) });
const guardSchema = z.record(z.string().regex(/^[A-Za-z0-9_-]{22}$/), entrySchema);
