import "server-only";
import type { EarlierRevision } from "#lib/vault/store.ts";

/** The newest revisions are kept, however old they are. */
export const backupsToKeep = 10;
/** And the newest of each day, for this many days that have any. */
export const daysToKeep = 14;

/** The revision that a backup's name tells; undefined for any other file. */
export function revisionOfBackup(name: string): number | undefined {
  const match = /^config\.(\d{1,15})(?:-[0-9a-f]{8})?\.json$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}

/** Which backups may go: neither among the newest ten nor the newest of one of the last fourteen days. */
export function backupsToDrop(newestFirst: readonly EarlierRevision[]): readonly EarlierRevision[] {
  const days = new Set<string>();
  return newestFirst.filter((backup, index) => {
    const day = backup.savedAt.slice(0, 10);
    const firstOfDay = !days.has(day) && days.size < daysToKeep;
    if (firstOfDay) days.add(day);
    return index >= backupsToKeep && !firstOfDay;
  });
}
