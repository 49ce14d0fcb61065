import "server-only";
import type { LiveConnection } from "#lib/connect/connect.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { TypeNames } from "./column-types.ts";
import type { Learned } from "./learned.ts";
import type { ClientAsk, ClientMode } from "./pooled-session.ts";

/** Whose a client is, and of which connection. */
export interface Owner {
  readonly userId: string;
  readonly sessionId: string;
  readonly profileId: string;
}

/** A client of the pool, or the place of one that is being opened. */
export interface Entry {
  readonly owner: Owner;
  readonly rev: number;
  readonly mode: ClientMode;
  state: "opening" | "idle" | "in-use" | "closed";
  /** On the clock of `performance.now()`. */
  idleSince: number;
  connection: LiveConnection | undefined;
  /** The page whose transaction is open on it. */
  pinnedTo: string | undefined;
  /** Aborted, with a problem as reason, when the client is wanted back. */
  readonly recall: AbortController;
  /** From when on it is closed rather than used again; on the clock of `performance.now()`. */
  retireAt: number;
  stopIdle: (() => void) | undefined;
  readonly typeNames: TypeNames;
  /** Undefined while it is opening. */
  learned: Learned | undefined;
}

/** Whoever stands in line. */
export interface Waiter {
  readonly ask: ClientAsk;
  readonly settle: (refused: Problem | undefined) => void;
}

/** Who asks. */
export function ownerOf(ask: ClientAsk): Owner {
  return { userId: ask.userId, sessionId: ask.sessionId, profileId: ask.profile.id };
}

/** Whether an owner has every part that is given. */
export function matches(owner: Owner, which: Partial<Owner>): boolean {
  return (
    (which.profileId ?? owner.profileId) === owner.profileId &&
    (which.userId ?? owner.userId) === owner.userId &&
    (which.sessionId ?? owner.sessionId) === owner.sessionId
  );
}

/** A transaction that a page left open goes on until its end, or the server's. */
export function isSpent(entry: Entry): boolean {
  return entry.pinnedTo === undefined && entry.retireAt <= performance.now();
}

/** Whether a client may be handed out for an ask. */
export function fits(entry: Entry, ask: ClientAsk): boolean {
  return (
    entry.state === "idle" &&
    !isSpent(entry) &&
    entry.owner.userId === ask.userId &&
    entry.owner.sessionId === ask.sessionId &&
    entry.owner.profileId === ask.profile.id &&
    entry.rev === ask.profile.rev &&
    entry.mode === ask.mode &&
    (entry.pinnedTo === undefined || entry.pinnedTo === ask.viewId)
  );
}
