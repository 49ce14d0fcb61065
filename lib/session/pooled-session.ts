import "server-only";
import type { ConnectOptions, LiveConnection } from "#lib/connect/connect.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { Result } from "#lib/problems/result.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import type { AttemptEvent, AttemptReport } from "#lib/wire/report.ts";
import type { TypeNames } from "./column-types.ts";
import type { TabSession } from "./held.ts";
import type { Learned } from "./learned.ts";

/**
 * Read-only runs leave nothing behind in sessions of their own. One of a tab that has set something up runs where that
 * stands: otherwise the switch would also change what it sees.
 */
export type ClientMode = "read-only" | "read-write";

/**
 * `browse`: our own statements, read-only, one or two for all panes of a person. `tab`: the runs of one SQL tab, and of
 * nobody else ever. `task`: one export or import; it is closed after it. `change`: one change set at a time, tried and
 * then applied, hence used again for as long as it rests: whoever releases it has emptied it (`DISCARD ALL`).
 */
export type ClientKind = "browse" | "tab" | "task" | "change";

/** The SQL tab that asks. */
export interface TabAsk {
  readonly id: string;
  /** By which its page has it: without it, the tab is another page's. */
  readonly lease: string;
  /** As its page shows it. */
  readonly name: string;
  /** The session whose state the page counts on: in another one the statement must not run. */
  readonly session?: string | undefined;
  /** The session of which the person knows that it is gone. */
  readonly knownLost?: string | undefined;
}

/** Who wants a client, and for what. */
export interface ClientAsk {
  readonly userId: string;
  readonly sessionId: string;
  readonly profile: ConnectionProfile;
  readonly kind: ClientKind;
  readonly mode: ClientMode;
  /** Only to see that it stands and what it is: a tab may have it afterwards. */
  readonly onlyLooks?: true;
  /** For the kind `tab`. */
  readonly tab?: TabAsk;
  readonly signal?: AbortSignal;
  /** How to dial, where a client has to be opened. */
  readonly dial?: Pick<ConnectOptions, "network" | "trustStore" | "lookup">;
  readonly onEvent?: (event: AttemptEvent) => void;
  /** Asked before a client is opened, not before a live one is used again; a problem keeps it from being opened. */
  readonly beforeOpen?: () => Promise<Result<void>>;
}

/** Why there is no client: the problem, and the attempt that ran into it where there was one. */
export interface Refusal {
  readonly problem: Problem;
  readonly report: AttemptReport | null;
}

/** A session of the pool that is nobody else's until it is released. */
export interface PooledSession {
  /** Opaque, and unlike any other session's. */
  readonly id: string;
  readonly connection: LiveConnection;
  /** The attempt that opened it just now; null when a live one was used again. */
  readonly opened: AttemptReport | null;
  /** It carries the transaction that the same tab left open. */
  readonly resumed: boolean;
  /** Something of the person's stands in it, and is to stand there afterwards, too. */
  readonly keeps: boolean;
  readonly typeNames: TypeNames;
  /** Written by whoever holds the session. */
  readonly learned: Learned;
  /** Aborts when the connection was edited or removed, or its user was sent away. */
  readonly signal: AbortSignal;
  /** How it stands for its tab's page; undefined for sessions that no tab keeps anything in. */
  ofTab(): TabSession | undefined;
  /** How long a transaction of the person's may rest in it, ms. */
  readonly transactionIdleMs: number;
  /** Told when somebody stands in line who may get no session before this one is back; undefined: nobody is told. */
  whenWanted(tell: (() => void) | undefined): void;
  /** Puts it back into the pool. What a person has left in it is kept for the same tab. */
  release(): void;
  /** Closes it. */
  discard(): void;
}
