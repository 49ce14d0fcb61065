/** What stands in one session of the server and ends with it, besides an open transaction. */
export interface Held {
  /** Tables, views, functions and types in the session's own schema. */
  readonly temporary: number;
  readonly prepared: number;
  /** WITH HOLD: the others end with their transaction. */
  readonly cursors: number;
  readonly channels: number;
  /** Advisory ones of the session. */
  readonly locks: number;
  /** Names of what was set; values may be secrets and stay where they are. */
  readonly settings: readonly string[];
  /** Where it was set. */
  readonly searchPath: string | null;
  /** The role in force, where it is not the one that signed in. */
  readonly role: string | null;
}

export const holdsNothing: Held = {
  temporary: 0,
  prepared: 0,
  cursors: 0,
  channels: 0,
  locks: 0,
  settings: [],
  searchPath: null,
  role: null,
};

/** Whether the session is left inside a transaction that the person began. */
export type TransactionState = "none" | "open" | "failed";

/** The session of one SQL tab, as its page is told of it. Times are relative: two machines have two clocks. */
export interface TabSession {
  /** Opaque. The page gives it with each run that counts on what the session holds. */
  readonly id: string;
  readonly held: Held;
  readonly transaction: TransactionState;
  /** For how long the transaction has been open, ms; null where there is none. */
  readonly openMs: number | null;
  /** When it will be ended, unless something is run before that, ms; null where it holds nothing. */
  readonly endsInMs: number | null;
  /** The session reads backslashes in plain quotes as escapes: `standard_conforming_strings` is off. */
  readonly backslashes?: true;
  /** A pooler gives each transaction another server session: nothing is kept between them. */
  readonly shared: boolean;
}

/** What a tab had and lost. */
export interface LostSession {
  readonly id: string;
  readonly held: Held;
  readonly transaction: boolean;
  readonly why: LossReason;
}

/** Keys of `messages/<locale>/problems.json`, in the cause of `session-gone`. */
export type LossReason =
  | "idle"
  | "transaction"
  | "cut"
  | "edited"
  | "signedOut"
  | "left"
  | "locked"
  | "rights"
  | "stopping"
  | "ended"
  | "unknown";

/** Whether something would be lost with a session. */
export function isHolding(held: Held): boolean {
  return (
    held.temporary + held.prepared + held.cursors + held.channels + held.locks + held.settings.length > 0 ||
    held.role !== null
  );
}
