import "server-only";

/** An earlier revision of the vault, as it was when it was replaced. */
export interface Backup {
  readonly path: string;
  readonly rev: number;
  readonly bytes: number;
  /** When that revision was written, ISO 8601 UTC, by the file system's clock. Decides nothing but thinning. */
  readonly savedAt: string;
}

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
export function backupsToDrop(newestFirst: readonly Backup[]): readonly Backup[] {
  const days = new Set<string>();
  return newestFirst.filter((backup, index) => {
    const day = backup.savedAt.slice(0, 10);
    const firstOfDay = !days.has(day) && days.size < daysToKeep;
    if (firstOfDay) days.add(day);
    return index >= backupsToKeep && !firstOfDay;
  });
}
