import "server-only";
import type { TransactionStatus } from "pg";
import { type Attempt, type ConnectOptions, connect, type LiveConnection } from "#lib/connect/connect.ts";
import { readEnvironment } from "#lib/env.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { sessionLifeMs } from "#lib/tokens/session-life.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { nothingLearned } from "./learned.ts";
import { type Entry, fits, isSpent, matches, type Owner, ownerOf, type Waiter } from "./pool-entry.ts";
import type { ClientAsk, PooledSession, Refusal } from "./pooled-session.ts";
import { serverPlaces } from "./server-places.ts";

export interface Limits {
  /** Sessions of one connection; undefined: as many as `serverPlaces` finds, and five before that. */
  readonly perConnection: number | undefined;
  readonly perUser: number;
  readonly inAll: number;
  readonly idleMs: number;
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
  restMs: 1_000,
  queueMs: 30_000,
  placesMs: 5_000,
  graceMs: 3_000,
  lifeMs: sessionLifeMs,
};

/** The live clients of this process. One registry, whatever bundle asks: Next loads modules more than once. */
export function liveClients(): LiveClients {
  const shelf = globalThis as { [key: symbol]: LiveClients | undefined };
  const key = Symbol.for("cloak-db.live-clients");
  if (shelf[key] === undefined) {
    const env = readEnvironment();
    const perConnection = env.ok ? env.value.sessionsPerConnection : undefined;
    shelf[key] = new LiveClients(connect, { ...defaultLimits, perConnection });
  }
  return shelf[key];
}

/** The connection was edited since the page, or the client, was opened with it. */
export function changedMeanwhile(): Problem {
  return problem("vault-changed-meanwhile", { reason: "session" });
}

/**
 * Clients that stand, each belonging to one user's session and one connection. There is no pool for all: a client
 * never changes hands, and one whose connection was edited since is not used again.
 */
export class LiveClients {
  readonly #open: (profile: ConnectionProfile, options: ConnectOptions) => Promise<Attempt>;
  readonly #limits: Limits;
  readonly #entries = new Set<Entry>();
  readonly #queue: Waiter[] = [];
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
   * Acquires a client: a live one of the same session, connection and mode, or a new one. Waits in line when there are
   * too many, for `queueMs` at most.
   * @returns `too-many-attempts` when the wait was in vain, `cancelled` when the signal aborted, or what kept the
   *          connection from being opened
   */
  async acquire(ask: ClientAsk): Promise<Result<PooledSession, Refusal>> {
    const until = performance.now() + this.#limits.queueMs;
    do {
      const refused = await this.#turn(ask, until);
      if (refused !== undefined) return failed({ problem: refused, report: null });
      // Another may have been quicker while this one was woken.
    } while (!this.#hasPlace(ask));
    const live = this.#takeIdle(ask);
    return live === undefined ? this.#openNew(ask) : ok(this.#handOut(live, ask, null));
  }

  /** Closes the clients that match every given part, but those of one session; running ones are told first. */
  close(which: Partial<Owner>, reason: Problem, exceptSession?: string): void {
    for (const entry of this.#entries) {
      if (!matches(entry.owner, which) || entry.owner.sessionId === exceptSession) continue;
      entry.recall.abort(reason);
      if (entry.state === "idle") this.#drop(entry);
      else if (entry.state === "in-use") {
        timer(this.#limits.graceMs, () => this.#drop(entry));
      }
    }
    for (const waiter of [...this.#queue]) {
      const owner = ownerOf(waiter.ask);
      if (matches(owner, which) && owner.sessionId !== exceptSession) waiter.settle(reason);
    }
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
      this.#callAgain();
    });
  }

  #hasPlace(ask: ClientAsk): boolean {
    const entries = [...this.#entries];
    const busy = entries.filter((entry) => entry.state !== "idle");
    if (busy.filter((entry) => entry.owner.userId === ask.userId).length >= this.#limits.perUser)
      return false;
    if (entries.some((entry) => fits(entry, ask))) return true;
    const ofProfile = entries.filter((entry) => entry.owner.profileId === ask.profile.id);
    return (
      (ofProfile.length < this.#placesOf(ask.profile) || this.#victim(ofProfile, ask) !== undefined) &&
      (entries.length < this.#limits.inAll || this.#victim(entries, ask) !== undefined)
    );
  }

  #placesOf({ id, rev }: ConnectionProfile): number {
    const found = this.#places.get(id);
    return this.#limits.perConnection ?? (found?.rev === rev ? found.places : placesUntold);
  }

  /** The idle client that is closed first where one has to be: one's own, else the one that has rested longest. */
  #victim(entries: readonly Entry[], ask: ClientAsk): Entry | undefined {
    const idle = entries.filter((entry) => entry.state === "idle" && entry.pinnedTo === undefined);
    const rested = performance.now() - this.#limits.restMs;
    const oneself = idle.find((entry) => entry.owner.userId === ask.userId);
    return oneself ?? idle.find((entry) => entry.idleSince <= rested);
  }

  #takeIdle(ask: ClientAsk): Entry | undefined {
    for (const entry of this.#entries) {
      const edited = entry.owner.profileId === ask.profile.id && entry.rev !== ask.profile.rev;
      if (entry.state === "idle" && (edited || isSpent(entry))) this.#drop(entry);
    }
    const fitting = [...this.#entries].filter((entry) => fits(entry, ask));
    return fitting.find((entry) => entry.pinnedTo !== undefined) ?? fitting[0];
  }

  async #openNew(ask: ClientAsk): Promise<Result<PooledSession, Refusal>> {
    this.#makeRoom(ask);
    const entry: Entry = {
      owner: ownerOf(ask),
      rev: ask.profile.rev,
      mode: ask.mode,
      state: "opening",
      idleSince: 0,
      connection: undefined,
      pinnedTo: undefined,
      retireAt: Number.POSITIVE_INFINITY,
      recall: new AbortController(),
      stopIdle: undefined,
      typeNames: new Map(),
      learned: undefined,
    };
    this.#entries.add(entry);
    let attempt: Attempt;
    try {
      const allowed = await ask.beforeOpen?.();
      if (allowed?.ok === false) {
        this.#drop(entry);
        return failed({ problem: allowed.problem, report: null });
      }
      const signals = ask.signal === undefined ? [entry.recall.signal] : [ask.signal, entry.recall.signal];
      attempt = await this.#open(named(ask.profile, ask.userId), {
        signal: AbortSignal.any(signals),
        ...ask.dial,
        ...(ask.onEvent === undefined ? {} : { onEvent: ask.onEvent }),
      });
    } catch (error) {
      this.#drop(entry);
      throw error;
    }
    if (attempt.connection !== null) {
      entry.connection = attempt.connection;
      entry.learned = nothingLearned(attempt.connection);
      entry.retireAt = performance.now() + (this.#limits.lifeMs(ask.profile) ?? Number.POSITIVE_INFINITY);
      // A killed idle client emits 'error' twice and then 'end'; unheard, the first would end this process.
      attempt.connection.client.on("error", () => this.#drop(entry));
      attempt.connection.client.once("end", () => this.#drop(entry));
      await this.#learnPlaces(ask.profile, attempt.connection);
    }
    const recalled = entry.recall.signal.aborted;
    if (attempt.connection === null || recalled) {
      this.#drop(entry);
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
    for (const victim of victims) if (victim !== undefined) this.#drop(victim);
  }

  #handOut(entry: Entry, ask: ClientAsk, opened: AttemptReport | null): PooledSession {
    const { connection, learned } = entry;
    if (connection === undefined || learned === undefined)
      throw new Error("a client was handed out before it stood");
    entry.stopIdle?.();
    entry.state = "in-use";
    const resumed = entry.pinnedTo !== undefined;
    entry.pinnedTo = undefined;
    let given = false;
    return {
      connection,
      opened,
      resumed,
      typeNames: entry.typeNames,
      learned,
      signal: entry.recall.signal,
      release: () => {
        if (given) return;
        given = true;
        this.#takeBack(entry, connection, ask.viewId);
      },
      discard: () => {
        if (given) return;
        given = true;
        this.#drop(entry);
      },
    };
  }

  #takeBack(entry: Entry, connection: LiveConnection, viewId: string | undefined): void {
    if (!this.#entries.has(entry)) return;
    const status: TransactionStatus = connection.client.getTransactionStatus();
    const inTransaction = status !== "I";
    const isSpent = entry.retireAt <= performance.now() && !inTransaction;
    if (entry.recall.signal.aborted || isSpent || (inTransaction && viewId === undefined)) {
      this.#drop(entry);
      return;
    }
    entry.state = "idle";
    entry.idleSince = performance.now();
    entry.pinnedTo = inTransaction ? viewId : undefined;
    const untilSpent = inTransaction ? this.#limits.idleMs : entry.retireAt - performance.now();
    entry.stopIdle = timer(Math.min(this.#limits.idleMs, untilSpent), () => this.#drop(entry));
    // The oldest idle client is the first to go: the set keeps the order of insertion.
    this.#entries.delete(entry);
    this.#entries.add(entry);
    this.#callWaiting();
  }

  #drop(entry: Entry): void {
    entry.stopIdle?.();
    if (!this.#entries.delete(entry)) return;
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

/** A timer that does not keep the process alive. @returns stops it */
function timer(ms: number, then: () => void): () => void {
  const handle = setTimeout(then, ms);
  handle.unref();
  return () => clearTimeout(handle);
}
