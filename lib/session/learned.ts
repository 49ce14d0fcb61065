import "server-only";
import { randomInt } from "node:crypto";
import type { LiveConnection } from "#lib/connect/connect.ts";
import { type Held, holdsNothing } from "./held.ts";
import type { Setting } from "./run-limits.ts";
import type { SessionMark } from "./session-mark.ts";
import type { StatePart } from "./session-state.ts";

/** What makes the server refuse PREPARE TRANSACTION in a read-only run. */
export type PrepareBlock = "lock" | "listen";

/** What a session of an uncommon server takes. */
export interface SessionLimits {
  readonly settings: readonly Setting[];
  /** Before the session's first read-only run nobody needs to know. */
  readonly prepareBlock: PrepareBlock | "none" | "unasked";
  readonly discards: boolean;
}

/** What was found out about one session, and what was set on it. Lives as long as its client. */
export interface Learned {
  /**
   * Others may have the same server session between two transactions: a pooler stands in between. Told by what it does:
   * the backend that answers is not the one whose key the session was given.
   */
  shared: boolean;
  /** The statement timeout that the session has now, ms; undefined before one was set. */
  timeoutMs: number | undefined;
  /** Whether its server session held advisory locks before the last read-only run; undefined where it was not told. */
  hadLocks: boolean | undefined;
  /** Of the lock that makes the server refuse PREPARE TRANSACTION, where LISTEN does not. */
  readonly lockKey: number;
  /** Found once the session has refused the common way; undefined while it takes that. */
  limits: SessionLimits | undefined;
  /** What a read-only transaction does not bind; null when the server does not tell; undefined before it was asked. */
  unbound: readonly string[] | null | undefined;
  /** The version of Citus; null where it is not there, or not told; undefined before it was asked. */
  citus: string | null | undefined;
  /** What the person has left in it, as the server said after the last run. */
  held: Held;
  /** Of the question for that, what the server takes; undefined before it was asked. */
  stateParts: readonly StatePart[] | undefined;
  /**
   * By which it is seen at once that nothing has changed since: what is asked for it, and what the answer was. `null`
   * where the server does not take that question; undefined before it was asked, and where it would not tell.
   */
  mark: SessionMark | null | undefined;
  /** Names of settings that the person made up and that no catalogue lists, as they stand in what was run. */
  ownSettings: ReadonlySet<string>;
  /** The backend that answered that question the last time. */
  answeredBy: number | null;
  /** Since when its transaction is open, on the clock of `performance.now()`. */
  inTransactionSince: number | undefined;
}

/** Of a session that was just opened. */
export function nothingLearned({ report, backend }: Pick<LiveConnection, "report" | "backend">): Learned {
  const answering = report.server === null ? backend.pid : report.server.backendPid;
  return {
    shared: answering !== backend.pid,
    timeoutMs: undefined,
    // Nobody waits for it: it is random, and the lock is shared.
    lockKey: randomInt(2 ** 47),
    limits: undefined,
    hadLocks: undefined,
    unbound: undefined,
    citus: undefined,
    held: holdsNothing,
    stateParts: undefined,
    mark: undefined,
    ownSettings: new Set(),
    answeredBy: null,
    inTransactionSince: undefined,
  };
}
