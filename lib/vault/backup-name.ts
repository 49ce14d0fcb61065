import "server-only";

/** What a backup is called where nobody says it: by its revision and the day that it was made. */
export function backupName(rev: number, at: Date): string {
  return `cloak-db.${rev}.${at.toISOString().slice(0, 10)}.backup.json`;
}
