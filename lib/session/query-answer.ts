/** Why a question to a server's catalogues has no answer. */
export interface QueryTrouble {
  readonly why: "denied" | "timeout" | "missing" | "failed";
  /** The server's own words, made fit to be shown. */
  readonly message: string;
}

/** What was asked for, or why the server does not tell. */
export type QueryAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly trouble: QueryTrouble };

/** One row: each value as the server wrote it, `null` for SQL's NULL. */
export type QueryRow = readonly (string | null)[];
