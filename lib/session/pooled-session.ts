import "server-only";
import type { ConnectOptions, LiveConnection } from "#lib/connect/connect.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { Result } from "#lib/problems/result.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import type { AttemptEvent, AttemptReport } from "#lib/wire/report.ts";
import type { TypeNames } from "./column-types.ts";
import type { Learned } from "./learned.ts";

/** Read-only runs and others never share a session: what one leaves behind cannot reach the other. */
export type ClientMode = "read-only" | "read-write";

/** Who wants a client, and for what. */
export interface ClientAsk {
  readonly userId: string;
  readonly sessionId: string;
  readonly profile: ConnectionProfile;
  readonly mode: ClientMode;
  /** The open page that asks: only it meets again the transaction that it left open. */
  readonly viewId?: string;
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
  readonly connection: LiveConnection;
  /** The attempt that opened it just now; null when a live one was used again. */
  readonly opened: AttemptReport | null;
  /** It carries the transaction that the same page left open. */
  readonly resumed: boolean;
  readonly typeNames: TypeNames;
  /** Written by whoever holds the session. */
  readonly learned: Learned;
  /** Aborts when the connection was edited or removed, or its user was sent away. */
  readonly signal: AbortSignal;
  /** Puts it back into the pool. A session inside a transaction is kept for the page that began it. */
  release(): void;
  /** Closes it. */
  discard(): void;
}
