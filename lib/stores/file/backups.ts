import "server-only";
import type { EarlierRevision } from "#lib/vault/store.ts";

/** The newest revisions are kept, until their days are over. */
export const backupsToKeep = 10;
/** And the newest of each day, for this many days that have any. */
export const daysToKeep = 14;
/** So long a backup stays after it was replaced, days, where the operator does not say it. */
export const usualBackupDays = 90;

/** The revision that a backup's name tells; undefined for any other file. */
export function revisionOfBackup(name: string): number | undefined {
  const match = /^config\.(\d{1,15})(?:-[0-9a-f]{8})?\.json$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}

/** What decides how old a backup is. */
export interface Ageing {
  /** When the present revision was written: from then on the newest backup is one. ISO 8601 UTC. */
  readonly presentSavedAt: string;
  /** So many days after it was replaced a backup goes. */
  readonly days: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Which backups may go: those that are neither among the newest ten nor the newest of one of the last fourteen days, and
 * those that were replaced too long ago. A revision that was good for years and replaced yesterday is a day old. The
 * newest stays however old it is: where nobody saves for years it is the only way back from a damaged file.
 */
export function backupsToDrop(
  newestFirst: readonly EarlierRevision[],
  { presentSavedAt, days, now }: Ageing,
): readonly EarlierRevision[] {
  const seen = new Set<string>();
  return newestFirst.filter((backup, index) => {
    const day = backup.savedAt.slice(0, 10);
    const firstOfDay = !seen.has(day) && seen.size < daysToKeep;
    if (firstOfDay) seen.add(day);
    const replacedAt = newestFirst[index - 1]?.savedAt ?? presentSavedAt;
    const isOld = index > 0 && now - Date.parse(replacedAt) > days * dayMs;
    return isOld || (index >= backupsToKeep && !firstOfDay);
  });
}

const dayMs = 24 * 60 * 60 * 1000;
