import "server-only";
import type { LiveConnection } from "#lib/connect/connect.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { TypeNames } from "./column-types.ts";
import { isHolding } from "./held.ts";
import type { Learned } from "./learned.ts";
import type { ClientAsk, ClientKind, ClientMode } from "./pooled-session.ts";

/** Whose a client is, and of which connection. */
export interface Owner {
  readonly userId: string;
  readonly sessionId: string;
  readonly profileId: string;
}

/** A client of the pool, or the place of one that is being opened. */
export interface Entry {
  /** Opaque, and unlike any other. */
  readonly id: string;
  readonly owner: Owner;
  readonly rev: number;
  /** When the connection had been edited last, as it says itself: not every new revision is an edit. */
  readonly editedAt: string;
  kind: ClientKind;
  mode: ClientMode;
  /** The SQL tab that it belongs to, and what its page calls it. */
  tab: string | undefined;
  tabName: string;
  /** It was only looked at, in words of ours: nothing of a person's has been run on it. */
  untouched: boolean;
  state: "opening" | "idle" | "in-use" | "closed";
  /** On the clock of `performance.now()`. */
  idleSince: number;
  connection: LiveConnection | undefined;
  /** A transaction was left open on it. */
  inTransaction: boolean;
  /** Aborted, with a problem as reason, when the client is wanted back. */
  readonly recall: AbortController;
  /** From when on it is closed rather than used again; on the clock of `performance.now()`. */
  retireAt: number;
  stopIdle: (() => void) | undefined;
  /** Whoever has it can give it back at once, and is told when somebody waits. */
  onWanted: (() => void) | undefined;
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

/** Whether something of the person's would be lost with it. */
export function holds(entry: Entry): boolean {
  return entry.inTransaction || keeps(entry);
}

/** What a person left on it goes on until its end, or the server's. */
export function isSpent(entry: Entry): boolean {
  return !holds(entry) && entry.retireAt <= performance.now();
}

/** Whether a client may be handed out for an ask. */
export function fits(entry: Entry, ask: ClientAsk): boolean {
  return (
    entry.state === "idle" &&
    !isSpent(entry) &&
    isOwn(entry, ask) &&
    entry.rev === ask.profile.rev &&
    (isOfTab(entry, ask) || (ask.tab === undefined && isLeftFor(entry, ask)) || mayBecome(entry, ask))
  );
}

/**
 * Whether it is the client of the tab that asks. What the person has set up in it is there with the Read-only switch on
 * as well; but a transaction that is open for writing takes no run that is to be read-only.
 */
export function isOfTab(entry: Entry, ask: ClientAsk): boolean {
  if (ask.tab === undefined || entry.tab !== ask.tab.id || !isOwn(entry, ask)) return false;
  return entry.mode === ask.mode || (entry.mode === "read-write" && keeps(entry) && !entry.inTransaction);
}

/** Whether something of the person's stands in it besides a transaction. */
export function keeps({ learned }: Entry): boolean {
  return learned !== undefined && isHolding(learned.held);
}

/** Nothing of one use shows in the next: pages leave nothing behind, change sets are emptied. */
function isLeftFor(entry: Entry, ask: ClientAsk): boolean {
  return entry.kind === ask.kind && (ask.kind === "browse" || ask.kind === "change");
}

/** The client by which the page was opened, and nothing else done, is given to the first tab that runs something. */
function mayBecome(entry: Entry, ask: ClientAsk): boolean {
  return entry.kind === "browse" && entry.untouched && ask.tab !== undefined;
}

function isOwn({ owner }: Entry, ask: ClientAsk): boolean {
  return (
    owner.userId === ask.userId && owner.sessionId === ask.sessionId && owner.profileId === ask.profile.id
  );
}
