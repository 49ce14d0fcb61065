/** An earlier revision as its row shows it. */
export interface ShownBackup {
  readonly place: string;
  readonly rev: number;
  readonly saved: string;
  readonly age: string;
  readonly size: string;
  /** Why it cannot be restored; null where it can. */
  readonly wrong: string | null;
  /** What was done since, and what putting it back will do: lines of names. */
  readonly since: readonly string[];
  readonly restores: readonly string[];
}

/** What a dialog is open for. */
export type BackupAct =
  | { readonly what: "restore"; readonly backup: ShownBackup }
  | { readonly what: "secrets" | "all" };
