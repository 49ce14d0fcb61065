import "server-only";

/** Where the files of one vault lie: the part of an `Environment` that the file store needs. */
export interface VaultFolders {
  /** The configuration, its backups, and the sealed files beside it. */
  readonly configDir: string;
  /** What must not be carried along with a copy of them: what this host remembers, and one-time tokens. */
  readonly stateDir: string;
}
