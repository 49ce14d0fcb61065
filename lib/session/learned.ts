import "server-only";

/** A limit that a run sets for itself. */
export type Setting = "statement_timeout" | "lock_timeout" | "idle_in_transaction_session_timeout";

/** What makes the server refuse PREPARE TRANSACTION in a read-only run. */
export type PrepareBlock = "lock" | "listen";

/** What a session of an uncommon server takes. */
export interface SessionLimits {
  readonly settings: readonly Setting[];
  readonly prepareBlock: PrepareBlock | "none";
  readonly discards: boolean;
}

/** What was found out about one session, and what was set on it. Lives as long as its client. */
export interface Learned {
  /** The statement timeout that the session has now, ms; undefined before one was set. */
  timeoutMs: number | undefined;
  /** Found once the session has refused the common way; undefined while it takes that. */
  limits: SessionLimits | undefined;
  /** What a read-only transaction does not bind; null when the server does not tell; undefined before it was asked. */
  unbound: readonly string[] | null | undefined;
  /** The version of Citus; null where it is not there, or not told; undefined before it was asked. */
  citus: string | null | undefined;
}

/** Of a session that was just opened. */
export function nothingLearned(): Learned {
  return { timeoutMs: undefined, limits: undefined, unbound: undefined, citus: undefined };
}
