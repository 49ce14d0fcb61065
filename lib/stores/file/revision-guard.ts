import "server-only";
import { basename, join } from "node:path";
import { z } from "zod";
import type { Remembered, SeenRevision } from "#lib/vault/store.ts";
import { readText, removeLeftOvers, replaceFile } from "./atomic-file.ts";
import { type Disk, systemErrorCode } from "./disk.ts";

/** Where the guard of a state folder lies. Removing it is how a person says that an older file is meant. */
export function guardPath(stateDir: string): string {
  return join(stateDir, "highest-revision.json");
}

/**
 * What was seen of every vault, by store id. From the file alone nobody can tell that an old copy was put back; this
 * second file, in another folder, can.
 */
export async function readGuard(stateDir: string, disk: Disk): Promise<Remembered> {
  try {
    // As many vaults as that no host has seen.
    if ((await disk.lstat(guardPath(stateDir))).size > 64 * 1024) return { state: "unreadable" };
    const parsed = guardSchema.safeParse(JSON.parse(await readText(disk, guardPath(stateDir))));
    return parsed.success ? { state: "known", seen: parsed.data } : { state: "unreadable" };
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return { state: "nothing" };
    if (error instanceof SyntaxError || systemErrorCode(error) !== undefined) return { state: "unreadable" };
    throw error;
  }
}

/**
 * Raises the guard to a revision that is safely on disk at `place`. Call it under the lock of the records. A guard that cannot be
 * written does not undo a save that has happened, so system errors are not passed on.
 * @returns whether it was written
 */
export async function raiseGuard(
  stateDir: string,
  storeId: string,
  seen: SeenRevision,
  place: string,
  disk: Disk,
): Promise<boolean> {
  const found = await readGuard(stateDir, disk);
  const known = found.state === "known" ? found.seen : {};
  const before = known[storeId];
  const isNewer = before === undefined || seen.rev > before.rev;
  if (!isNewer && before.place === place) return true;
  try {
    await removeLeftOvers(disk, stateDir, (name) => name === basename(guardPath(stateDir)));
    const { rev, mac } = isNewer ? seen : before;
    const text = `${JSON.stringify({ ...known, [storeId]: { rev, mac, place } })}\n`;
    await replaceFile(disk, guardPath(stateDir), text);
    return true;
  } catch (error) {
    if (systemErrorCode(error) !== undefined) return false;
    throw error;
  }
}

const entrySchema = z.strictObject({
  rev: z.int().min(1),
  mac: z.string().max(64),
  place: z.string().optional(),
});
const guardSchema = z.record(z.string().regex(/^[A-Za-z0-9_-]{22}$/), entrySchema);
