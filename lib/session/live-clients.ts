import "server-only";
import type { TransactionStatus } from "pg";
import { type Attempt, type ConnectOptions, connect, type LiveConnection } from "#lib/connect/connect.ts";
import { readEnvironment } from "#lib/env.ts";
import { type Problem, type ProblemCode, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { randomId } from "#lib/random-id.ts";
import { roundedMs } from "#lib/rounded-ms.ts";
import { sessionLifeMs } from "#lib/tokens/session-life.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { holdsNothing, type LossReason, type LostSession, type TabSession } from "./held.ts";
import { nothingLearned } from "./learned.ts";
import {
  type Entry,
  fits,
  holds,
  isOfTab,
  isSpent,
  keeps,
  matches,
  type Owner,
  ownerOf,
  type Waiter,
} from "./pool-entry.ts";
import type { ClientAsk, ClientMode, PooledSession, Refusal } from "./pooled-session.ts";
import { serverPlaces } from "./server-places.ts";
import { type TabPlace, Tabs } from "./tabs.ts";

export interface Limits {
  /** Sessions of one connection; undefined: as many as `serverPlaces` finds, and five before that. */
  readonly perConnection: number | undefined;
  readonly perUser: number;
  readonly inAll: number;
  readonly idleMs: number;
  /** How long a tab's session rests before it is closed, where it holds something of the person's, ms. */
  readonly holdingIdleMs: number;
  /** How long a transaction rests before it is rolled back, ms. */
  readonly transactionIdleMs: number;
  /** What a tab holds is kept for so long after its page went away: it may only have been loaded anew, ms. */
  readonly leftMs: number;
  /** Sessions that one person's panes share at one connection. */
  readonly browsing: number;
  /** For so long after its last statement a session is not closed for somebody else's sake, ms. */
  readonly restMs: number;
  readonly queueMs: number;
  /** How long a server may take to say how many sessions it has; one that takes longer is left, ms. */
  readonly placesMs: number;
  /** How long the holder of a session that is wanted back has to end its statement, ms. */
  readonly graceMs: number;
  /**
   * After how long a session is left for a new one, ms; null where the service ends none. A statement or transaction
   * that is under way is never cut short by it.
   */
  readonly lifeMs: (profile: ConnectionProfile) => number | null;
}

/** Nobody takes all clients of a server, or of the console, whether by mistake or to keep others out. */
export const defaultLimits: Limits = {
  perConnection: undefined,
  perUser: 4,
  inAll: 200,
  idleMs: 60_000,
  holdingIdleMs: 15 * 60_000,
  transactionIdleMs: 5 * 60_000,
  leftMs: 10_000,
  browsing: 2,
  restMs: 1_000,
  queueMs: 30_000,
  placesMs: 5_000,
  graceMs: 3_000,
  lifeMs: sessionLifeMs,
};

/** Whose a client is, and the connection as it was opened. */
export type LiveOwner = Owner & Pick<Entry, "mode" | "rev" | "editedAt">;

/** The live clients of this process. One registry, whatever bundle asks: Next loads modules more than once. */
export function liveClients(): LiveClients {
  const shelf = globalThis as { [key: symbol]: LiveClients | undefined };
  const key = Symbol.for("cloak-db.live-clients");
  if (shelf[key] === undefined) {
    const env = readEnvironment();
    const {
      sessionsPerConnection: perConnection,
      sessionIdleMs,
      transactionIdleMs,
    } = env.ok ? env.value : undefinedLimits;
    shelf[key] = new LiveClients(connect, {
      ...defaultLimits,
      perConnection,
      holdingIdleMs: sessionIdleMs ?? defaultLimits.holdingIdleMs,
      transactionIdleMs: transactionIdleMs ?? defaultLimits.transactionIdleMs,
    });
  }
  return shelf[key];
}

const undefinedLimits = {
  sessionsPerConnection: undefined,
  sessionIdleMs: undefined,
  transactionIdleMs: undefined,
};

/** The connection was edited since the page, or the client, was opened with it. */
export function changedMeanwhile(): Problem {
  return problem("vault-changed-meanwhile", { reason: "session" });
}

/**
 * Clients that stand, each belonging to one user's session and one connection, and those that run a person's
 * statements to one SQL tab of it. There is no pool for all: a client never changes hands, and one whose connection
 * was edited since is not used again.
 */
export class LiveClients {
  readonly #open: (profile: ConnectionProfile, options: ConnectOptions) => Promise<Attempt>;
  readonly #limits: Limits;
  readonly #entries = new Set<Entry>();
  readonly #queue: Waiter[] = [];
  /** Which page has which tab, and what tabs have lost. */
  readonly tabs = new Tabs();
  /** What the servers of connections were found to have, by connection. */
  readonly #places = new Map<string, { readonly rev: number; readonly places: number }>();

  #calling = false;

  constructor(
    open: (profile: ConnectionProfile, options: ConnectOptions) => Promise<Attempt>,
    limits: Limits = defaultLimits,
  ) {
    this.#open = open;
    this.#limits = limits;
  }

  /**
   * Acquires a client: a live one of the same session, connection and use, or a new one. Waits in line when there are
   * too many, for `queueMs` at most. A tab gets its own client and no other.
   * @returns `session-elsewhere` or `session-gone` where the tab is another page's, or has lost what its page counts
   *          on; `session-places` when only sessions that hold something stand in the way, `too-many-attempts` when
   *          the wait was in vain, `cancelled` when the signal aborted, or what kept the connection from being opened
   */
  async acquire(ask: ClientAsk): Promise<Result<PooledSession, Refusal>> {
    const until = performance.now() + this.#limits.queueMs;
    do {
      const refused = this.#refusalOfTab(ask) ?? (await this.#turn(ask, until));
      if (refused !== undefined) return failed({ problem: refused, report: null });
      // Another may have been quicker while this one was woken.
    } while (!this.#hasPlace(ask));
    this.#sweep(ask);
    // What the page counts on may have ended while it stood in line.
    const refused = this.#refusalOfTab(ask);
    if (refused !== undefined) return failed({ problem: refused, report: null });
    const live = this.#idleFor(ask);
    return live === undefined ? this.#openNew(ask) : ok(this.#handOut(live, ask, null));
  }

  /**
   * How a tab stands, for the page that has it. A statement of it that is just ending is waited for, for `graceMs`.
   * @returns its session where it holds something, and what it has lost
   */
  async lookAtTab(
    place: TabPlace,
  ): Promise<{ readonly session: TabSession | undefined; readonly lost: LostSession | undefined }> {
    const until = performance.now() + this.#limits.graceMs;
    const mine = () => this.#ofTab(place).find((entry) => entry.mode === "read-write");
    while (mine()?.state === "in-use" && performance.now() < until)
      await new Promise<void>((resolve) => timer(20, resolve));
    const entry = mine();
    if (entry?.state === "idle") this.#rest(entry);
    const session = entry !== undefined && holds(entry) ? this.#tabSession(entry) : undefined;
    return { session, lost: this.tabs.lost(place) };
  }

  /** The page that had the tab went away: what holds nothing ends at once, the rest unless the page comes back. */
  leaveTab(place: TabPlace): void {
    for (const entry of this.#ofTab(place)) {
      if (entry.state === "idle" && holds(entry)) this.#rest(entry);
      else if (entry.state === "idle") this.#drop(entry, "left");
    }
  }

  /** The person has closed the tab: what it holds ends with it, and so does a statement that still runs. */
  closeTab(place: TabPlace): void {
    for (const entry of this.#ofTab(place)) {
      entry.recall.abort(problem("cancelled"));
      if (entry.state === "idle") this.#drop(entry, "left");
    }
  }

  /** Closes the clients that match every given part, but those of one session; running ones are told first. */
  close(
    { mode, rev, ...which }: Partial<Owner> & { readonly mode?: ClientMode; readonly rev?: number },
    reason: Problem,
    exceptSession?: string,
  ): void {
    for (const entry of this.#entries) {
      if (!matches(entry.owner, which) || entry.owner.sessionId === exceptSession) continue;
      if (mode !== undefined && entry.mode !== mode) continue;
      if (rev !== undefined && entry.rev !== rev) continue;
      entry.recall.abort(reason);
      if (entry.state === "idle") this.#drop(entry, lossOf(reason));
      else if (entry.state === "in-use") {
        timer(this.#limits.graceMs, () => this.#drop(entry, lossOf(reason)));
      }
    }
    // Whoever was sent away comes back to none of their tabs.
    if (reason.code === "not-signed-in") this.tabs.forget(which, exceptSession);
    for (const waiter of [...this.#queue]) {
      const owner = ownerOf(waiter.ask);
      if (mode !== undefined && waiter.ask.mode !== mode) continue;
      if (rev !== undefined && waiter.ask.profile.rev !== rev) continue;
      if (matches(owner, which) && owner.sessionId !== exceptSession) waiter.settle(reason);
    }
  }

  /** Whose clients there are, and those that are waited for. */
  owners(): readonly LiveOwner[] {
    const live = [...this.#entries].map(({ owner, mode, rev, editedAt }) => ({
      ...owner,
      mode,
      rev,
      editedAt,
    }));
    const asked = this.#queue.map(({ ask }) => {
      const { rev, updatedAt } = ask.profile;
      return { ...ownerOf(ask), mode: ask.mode, rev, editedAt: updatedAt };
    });
    return [...live, ...asked];
  }

  /** The backends behind the sessions of a connection, as the server calls them. */
  backends(profileId: string): readonly {
    readonly pid: number;
    readonly userId: string;
    /** Of a SQL tab its name; null for what panes and tasks use. */
    readonly tab: string | null;
  }[] {
    return [...this.#entries].flatMap(({ owner, kind, tabName, connection, learned }) =>
      owner.profileId !== profileId || connection === undefined
        ? []
        : [
            {
              pid: learned?.answeredBy ?? connection.report.server?.backendPid ?? connection.backend.pid,
              userId: owner.userId,
              tab: kind === "tab" ? tabName : null,
            },
          ],
    );
  }

  /** How many there are. For the health page and tests. */
  count(): {
    readonly idle: number;
    readonly inUse: number;
    readonly opening: number;
    readonly waiting: number;
  } {
    const of = (state: Entry["state"]) => [...this.#entries].filter((entry) => entry.state === state).length;
    return { idle: of("idle"), inUse: of("in-use"), opening: of("opening"), waiting: this.#queue.length };
  }

  /** Resolves to undefined when it is this caller's turn. A place is free then, or an idle client fits. */
  async #turn(ask: ClientAsk, until: number): Promise<Problem | undefined> {
    if (ask.signal?.aborted) return problem("cancelled");
    if (this.#hasPlace(ask)) return undefined;
    const held = this.#heldPlaces(ask);
    if (held !== undefined) return held;
    return new Promise((resolve) => {
      const settle = (outcome: Problem | undefined) => {
        const index = this.#queue.indexOf(waiter);
        if (index >= 0) this.#queue.splice(index, 1);
        stop();
        ask.signal?.removeEventListener("abort", onAbort);
        resolve(outcome);
      };
      const onAbort = () => settle(problem("cancelled"));
      const stop = timer(Math.max(0, until - performance.now()), () =>
        settle(problem("too-many-attempts", { limit: this.#placesOf(ask.profile) })),
      );
      const waiter: Waiter = { ask, settle };
      ask.signal?.addEventListener("abort", onAbort, { once: true });
      this.#queue.push(waiter);
      for (const entry of this.#entries) if (mayWant(ask, entry)) entry.onWanted?.();
      this.#callAgain();
    });
  }

  #hasPlace(ask: ClientAsk): boolean {
    const entries = [...this.#entries];
    const busy = entries.filter((entry) => entry.state !== "idle");
    if (busy.filter((entry) => entry.owner.userId === ask.userId).length >= this.#limits.perUser)
      return false;
    // A tab has one session of each mode: its last statement may not have ended yet.
    if (entries.some((entry) => entry.state !== "idle" && isOfTab(entry, ask))) return false;
    if (entries.some((entry) => fits(entry, ask))) return true;
    if (ask.kind === "browse" && this.#browsing(ask) >= this.#limits.browsing) return false;
    const ofProfile = entries.filter((entry) => entry.owner.profileId === ask.profile.id);
    return (
      (ofProfile.length < this.#placesOf(ask.profile) || this.#victim(ofProfile, ask) !== undefined) &&
      (entries.length < this.#limits.inAll || this.#victim(entries, ask) !== undefined)
    );
  }

  /** How many sessions the panes of a sign-in keep busy there: one that rests is theirs, or makes room. */
  #browsing(ask: ClientAsk): number {
    const owner = ownerOf(ask);
    return [...this.#entries].filter(
      (entry) => entry.kind === "browse" && entry.state !== "idle" && matches(entry.owner, owner),
    ).length;
  }

  /** Told at once where every place has a tab's session that holds something: no wait would help. */
  #heldPlaces({ userId, profile }: ClientAsk): Problem | undefined {
    const ofProfile = [...this.#entries].filter((entry) => entry.owner.profileId === profile.id);
    const limit = this.#placesOf(profile);
    const held = ofProfile.filter((entry) => entry.state === "idle" && holds(entry));
    if (held.length < limit) return undefined;
    const own = held.filter((entry) => entry.owner.userId === userId).map((entry) => entry.tabName);
    return problem("session-places", {
      limit,
      name: own.slice(0, 10).join(", "),
      others: held.length - own.length,
    });
  }

  /** Why a tab's statement may not run: another page has the tab, or what its own counts on is gone. */
  #refusalOfTab(ask: ClientAsk): Problem | undefined {
    if (ask.tab === undefined) return undefined;
    const { id, lease, session, knownLost } = ask.tab;
    const place = { ...ownerOf(ask), tab: id };
    if (!this.tabs.has(place, lease)) return problem("session-elsewhere");
    if (knownLost !== undefined) this.tabs.acknowledge(place, knownLost);
    const lost = this.tabs.lost(place);
    if (lost !== undefined) return problem("session-gone", { reason: lost.why, session: lost.id });
    if (session === undefined) return undefined;
    const stands = this.#ofTab(place).some((entry) => entry.id === session);
    return stands ? undefined : problem("session-gone", { reason: "unknown", session });
  }

  #ofTab(place: TabPlace): readonly Entry[] {
    return [...this.#entries].filter((entry) => entry.tab === place.tab && matches(entry.owner, place));
  }

  #placesOf({ id, rev }: ConnectionProfile): number {
    const found = this.#places.get(id);
    return this.#limits.perConnection ?? (found?.rev === rev ? found.places : placesUntold);
  }

  /** The idle client that is closed first where one has to be: one's own, else the one that has rested longest. */
  #victim(entries: readonly Entry[], ask: ClientAsk): Entry | undefined {
    const idle = entries.filter((entry) => entry.state === "idle" && !holds(entry));
    const rested = performance.now() - this.#limits.restMs;
    const oneself = idle.find((entry) => entry.owner.userId === ask.userId);
    return oneself ?? idle.find((entry) => entry.idleSince <= rested);
  }

  /** Closes what is not to be used again. */
  #sweep(ask: ClientAsk): void {
    for (const entry of this.#entries) {
      const edited = entry.owner.profileId === ask.profile.id && entry.rev !== ask.profile.rev;
      if (entry.state === "idle" && (edited || isSpent(entry))) this.#drop(entry, "edited");
    }
  }

  #idleFor(ask: ClientAsk): Entry | undefined {
    const fitting = [...this.#entries].filter((entry) => fits(entry, ask));
    const own = fitting.filter((entry) => isOfTab(entry, ask));
    return own.find(keeps) ?? own[0] ?? fitting[0];
  }

  async #openNew(ask: ClientAsk): Promise<Result<PooledSession, Refusal>> {
    this.#makeRoom(ask);
    const entry: Entry = {
      id: randomId(),
      owner: ownerOf(ask),
      rev: ask.profile.rev,
      editedAt: ask.profile.updatedAt,
      kind: ask.kind,
      mode: ask.mode,
      tab: ask.tab?.id,
      tabName: ask.tab?.name ?? "",
      untouched: true,
      state: "opening",
      idleSince: 0,
      connection: undefined,
      inTransaction: false,
      retireAt: Number.POSITIVE_INFINITY,
      recall: new AbortController(),
      stopIdle: undefined,
      onWanted: undefined,
      typeNames: new Map(),
      learned: undefined,
    };
    this.#entries.add(entry);
    let attempt: Attempt;
    try {
      const allowed = await ask.beforeOpen?.();
      if (allowed?.ok === false) {
        this.#drop(entry, "ended");
        return failed({ problem: allowed.problem, report: null });
      }
      const signals = ask.signal === undefined ? [entry.recall.signal] : [ask.signal, entry.recall.signal];
      attempt = await this.#open(named(ask.profile, ask.userId), {
        signal: AbortSignal.any(signals),
        ...ask.dial,
        ...(ask.onEvent === undefined ? {} : { onEvent: ask.onEvent }),
      });
    } catch (error) {
      this.#drop(entry, "ended");
      throw error;
    }
    if (attempt.connection !== null) {
      entry.connection = attempt.connection;
      entry.learned = nothingLearned(attempt.connection);
      entry.retireAt = performance.now() + (this.#limits.lifeMs(ask.profile) ?? Number.POSITIVE_INFINITY);
      // A killed idle client emits 'error' twice and then 'end'; unheard, the first would end this process.
      attempt.connection.client.on("error", () => this.#drop(entry, "cut"));
      attempt.connection.client.once("end", () => this.#drop(entry, "cut"));
      await this.#learnPlaces(ask.profile, attempt.connection);
    }
    const recalled = entry.recall.signal.aborted;
    if (attempt.connection === null || recalled) {
      this.#drop(entry, "ended");
      const reason = recalled ? (entry.recall.signal.reason as Problem) : attempt.report.problem;
      return failed({ problem: reason ?? problem("unexpected"), report: recalled ? null : attempt.report });
    }
    return ok(this.#handOut(entry, ask, attempt.report));
  }

  /** Asked of the first session of a connection; one that is lost meanwhile is found out by whoever uses it. */
  async #learnPlaces({ id, rev }: ConnectionProfile, connection: LiveConnection): Promise<void> {
    if (this.#limits.perConnection !== undefined || this.#places.get(id)?.rev === rev) return;
    // The attempt's own deadline is over: a server that is silent from now on must not be waited for without end.
    const stop = timer(this.#limits.placesMs, () => connection.socket.destroy());
    const places = await serverPlaces(connection)
      .catch(() => undefined)
      .finally(stop);
    this.#places.set(id, { rev, places: places ?? placesUntold });
    this.#callWaiting();
  }

  /** Closes an idle client where a limit would be passed. */
  #makeRoom(ask: ClientAsk): void {
    const ofProfile = [...this.#entries].filter((entry) => entry.owner.profileId === ask.profile.id);
    const victims = [
      ...(ofProfile.length >= this.#placesOf(ask.profile) ? [this.#victim(ofProfile, ask)] : []),
      ...(this.#entries.size >= this.#limits.inAll ? [this.#victim([...this.#entries], ask)] : []),
    ];
    for (const victim of victims) if (victim !== undefined) this.#drop(victim, "ended");
  }

  #handOut(entry: Entry, ask: ClientAsk, opened: AttemptReport | null): PooledSession {
    const { connection, learned } = entry;
    if (connection === undefined || learned === undefined)
      throw new Error("a client was handed out before it stood");
    entry.stopIdle?.();
    entry.state = "in-use";
    if (ask.onlyLooks !== true) entry.untouched = false;
    if (entry.tab === undefined) {
      entry.kind = ask.kind;
      entry.mode = ask.mode;
    }
    entry.tab = ask.tab?.id;
    entry.tabName = ask.tab?.name ?? "";
    const resumed = entry.inTransaction;
    let given = false;
    return {
      id: entry.id,
      connection,
      opened,
      resumed,
      keeps: keeps(entry),
      typeNames: entry.typeNames,
      learned,
      signal: entry.recall.signal,
      transactionIdleMs: this.#limits.transactionIdleMs,
      ofTab: () => {
        if (entry.kind !== "tab" || entry.mode !== "read-write") return undefined;
        noteTransaction(entry, connection);
        return this.#tabSession(entry);
      },
      whenWanted: (tell) => {
        entry.onWanted = tell;
        if (this.#queue.some(({ ask: waiting }) => mayWant(waiting, entry))) tell?.();
      },
      release: () => {
        if (given) return;
        given = true;
        this.#takeBack(entry, connection);
      },
      discard: () => {
        if (given) return;
        given = true;
        this.#drop(entry, "cut");
      },
    };
  }

  #takeBack(entry: Entry, connection: LiveConnection): void {
    if (!this.#entries.has(entry)) return;
    noteTransaction(entry, connection);
    const { reason, aborted } = entry.recall.signal;
    const isStray = entry.inTransaction && entry.kind !== "tab";
    if (aborted || isSpent(entry) || entry.kind === "task" || isStray) {
      this.#drop(entry, aborted ? lossOf(reason as Problem) : "ended");
      return;
    }
    entry.state = "idle";
    entry.idleSince = performance.now();
    // The oldest idle client is the first to go: the set keeps the order of insertion.
    this.#entries.delete(entry);
    this.#entries.add(entry);
    this.#rest(entry);
    this.#callWaiting();
  }

  /** Closes an idle client when its time has come. To be called again when what decides that has changed. */
  #rest(entry: Entry): void {
    entry.stopIdle?.();
    const { left, why } = this.#restOf(entry);
    if (left <= 0) this.#drop(entry, why);
    else entry.stopIdle = timer(left, () => this.#drop(entry, why));
  }

  /** How long an idle client still rests, ms, and what it then ends by. */
  #restOf(entry: Entry): { readonly left: number; readonly why: LossReason } {
    const { idleMs, holdingIdleMs, transactionIdleMs, leftMs } = this.#limits;
    const now = performance.now();
    const rested = entry.state === "idle" ? now - entry.idleSince : 0;
    const leftAt = entry.tab === undefined ? undefined : this.tabs.leftAt(placeOf(entry, entry.tab));
    const isLeft = leftAt !== undefined;
    if (!holds(entry)) {
      const left = isLeft ? 0 : Math.min(idleMs - rested, entry.retireAt - now);
      return { left, why: "ended" };
    }
    const byRest = (entry.inTransaction ? transactionIdleMs : holdingIdleMs) - rested;
    const byLeaving = isLeft ? leftAt + leftMs - now : Number.POSITIVE_INFINITY;
    if (byLeaving < byRest) return { left: byLeaving, why: "left" };
    return { left: byRest, why: entry.inTransaction ? "transaction" : "idle" };
  }

  #tabSession(entry: Entry): TabSession {
    const { learned, connection } = entry;
    const since = learned?.inTransactionSince;
    const status = connection?.client.getTransactionStatus();
    return {
      id: entry.id,
      held: learned?.held ?? holdsNothing,
      transaction: !entry.inTransaction ? "none" : status === "E" ? "failed" : "open",
      openMs: since === undefined ? null : roundedMs(performance.now() - since),
      endsInMs: holds(entry) ? roundedMs(this.#restOf(entry).left) : null,
      shared: learned?.shared ?? false,
      ...(connection?.parameters.get("standard_conforming_strings") === "off" && { backslashes: true }),
    };
  }

  #drop(entry: Entry, why: LossReason): void {
    entry.stopIdle?.();
    if (!this.#entries.delete(entry)) return;
    if (entry.tab !== undefined && entry.mode === "read-write" && holds(entry)) {
      const held = entry.learned?.held ?? holdsNothing;
      this.tabs.lose(placeOf(entry, entry.tab), {
        id: entry.id,
        held,
        transaction: entry.inTransaction,
        why,
      });
    }
    entry.state = "closed";
    const connection = entry.connection;
    // The server is told goodbye where it still listens; a peer that does not answer is not waited for.
    connection?.close().catch(() => connection.socket.destroy());
    this.#callWaiting();
  }

  /** A session that rests long enough makes room without anybody telling. */
  #callAgain(): void {
    if (this.#calling || this.#queue.length === 0) return;
    this.#calling = true;
    timer(this.#limits.restMs / 4, () => {
      this.#calling = false;
      this.#callWaiting();
      this.#callAgain();
    });
  }

  #callWaiting(): void {
    for (const waiter of [...this.#queue]) {
      if (this.#hasPlace(waiter.ask)) waiter.settle(undefined);
    }
  }
}

/** Of a server that does not tell what it has. */
const placesUntold = 5;

/** Whoever reads `pg_stat_activity` sees whose session it is, unless the connection has a name of its own. */
function named(profile: ConnectionProfile, userId: string): ConnectionProfile {
  return profile.applicationName === "" ? { ...profile, applicationName: `cloak:${userId}` } : profile;
}

function placeOf({ owner }: Entry, tab: string): TabPlace {
  return { ...owner, tab };
}

/** Whether that one may stand in line for what this one has: one's own places, or those of a connection. */
function mayWant({ profile, userId }: ClientAsk, { owner }: Entry): boolean {
  return owner.profileId === profile.id || owner.userId === userId;
}

function noteTransaction(entry: Entry, { client }: LiveConnection): void {
  const status: TransactionStatus = client.getTransactionStatus();
  entry.inTransaction = status !== "I";
  if (entry.learned === undefined) return;
  if (status === "I") entry.learned.inTransactionSince = undefined;
  else entry.learned.inTransactionSince ??= performance.now();
}

function lossOf({ code, facts }: Problem): LossReason {
  if (code === "not-allowed") return facts.reason === "locked-again" ? "locked" : "rights";
  return losses[code] ?? "ended";
}

const losses: Partial<Record<ProblemCode, LossReason>> = {
  "vault-changed-meanwhile": "edited",
  "not-signed-in": "signedOut",
  "console-stopping": "stopping",
};

/** A timer that does not keep the process alive. @returns stops it */
function timer(ms: number, then: () => void): () => void {
  const handle = setTimeout(then, ms);
  handle.unref();
  return () => clearTimeout(handle);
}
