/** A limit that a run sets for itself. */
export type Setting = (typeof runLimits)[number];

/** All of them. They may be the person's own, too: an export's script begins with `SET statement_timeout = 0`. */
export const runLimits = [
  "statement_timeout",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
] as const;
