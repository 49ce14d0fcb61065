import "server-only";
import { z } from "zod";
import type { Problem } from "#lib/problems/problem.ts";
import { ok, type Result } from "#lib/problems/result.ts";
import { randomId } from "#lib/random-id.ts";
import type { Secret } from "#lib/secret.ts";
import type { NamedDocument } from "#lib/vault/named-document.ts";
import {
  newSessionToken,
  readSessionCookie,
  sessionCookieValue,
  sessionFingerprint,
} from "./session-token.ts";

/** A session nobody used for 8 hours is over. */
export const sessionIdleLimit = 8 * 60 * 60_000;
/** A session is over 7 days after it began, however busy. */
export const sessionLifetime = 7 * 24 * 60 * 60_000;

/** One signed-in browser, as its user may see it. Times are milliseconds since 1970. */
export interface Session {
  /** Public id: names the session without opening it. */
  readonly id: string;
  readonly userId: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** When its user last showed who they are: at its beginning, when they gave their password again (`confirm`), or when
   * they kept it while ending all others. */
  readonly confirmedAt: number;
  /** The user's `sessionsFrom` at that time: at another one the session no longer counts. */
  readonly epoch: number;
  /** What the browser called itself, shortened. */
  readonly agent: string;
}

export interface Sessions {
  /** Begins a session and gives the value of its cookie. Fails when it cannot be written down. */
  start(
    userId: string,
    agent: string,
    epoch: number,
  ): Promise<Result<{ readonly cookie: Secret; readonly session: Session }>>;
  /** The living session of a cookie; using it counts as being seen. */
  find(cookie: string | undefined): Promise<Session | undefined>;
  /** A user's living sessions, the last seen first. */
  list(userId: string): Promise<readonly Session[]>;
  /** All living sessions as they are kept at this moment, by id. */
  now(): Promise<ReadonlyMap<string, Session>>;
  /** Its user showed again who they are; false when they have no such session. */
  confirm(userId: string, id: string): Promise<Result<boolean>>;
  /** Ends one session of this user; false when they have no such. */
  end(userId: string, id: string): Promise<Result<boolean>>;
  /**
   * Gives a living session of this user a new token, whose cookie is returned: whoever had the old one has nothing.
   * Undefined when they have no such session.
   */
  renew(userId: string, id: string): Promise<Result<Secret | undefined>>;
  /** Ends all sessions of this user, but for one, which is confirmed by that at the user's new number; gives how many. */
  endAll(userId: string, except?: { readonly id: string; readonly epoch: number }): Promise<Result<number>>;
}

/** Where sessions are kept: a guarded and replaceable document of the vault, which other consoles write as well. */
export type SessionFile = Pick<NamedDocument, "place" | "read" | "change" | "disown">;

export interface SessionSettings {
  readonly file: SessionFile;
  /** Keys of their own, derived by the vault. */
  readonly cookieKey: Buffer;
  readonly storeKey: Buffer;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Milliseconds of a clock that only goes forward: for how long what was read is as good as new. */
  readonly steady?: () => number;
  /** Hears why a list that was kept is not believed, once: then everybody signs in again. */
  readonly discarded?: (why: Problem) => void;
}

/**
 * Sessions as the store has them: what is kept there is the truth, for every console that serves from it. It is looked at
 * anew at most once a second, and each act changes it as it is at that moment.
 *
 * @returns the sessions, and the problem that made the kept ones unreadable, if so: then everybody signs in again,
 *   which is safe, and the reason can be logged
 */
export async function openSessions(
  settings: SessionSettings,
): Promise<{ readonly sessions: Sessions; readonly discarded: Problem | undefined }> {
  const sessions = new StoredSessions(settings);
  return { sessions, discarded: await sessions.open() };
}

/** So long what was read is as good as new: a sign-out elsewhere is seen after that, ms. */
const goodFor = 1000;
/** Being seen is written down at most this often. */
const seenInterval = 5 * 60_000;
/** The oldest session of a user ends when there are more. */
const mostPerUser = 25;
const longestAgent = 200;
/** So far a clock may be put back, to be right again, without ending what was begun. */
const clockSlack = 5 * 60_000;

const keptSession = z.strictObject({
  id: z.string(),
  fingerprint: z.string(),
  userId: z.string(),
  createdAt: z.int(),
  lastSeenAt: z.int(),
  confirmedAt: z.int(),
  epoch: z.int(),
  agent: z.string(),
});
const keptFile = z.strictObject({ v: z.literal(2), sessions: z.array(keptSession) });

type Kept = Readonly<z.infer<typeof keptSession>>;

function readKept(document: unknown): readonly Kept[] {
  const parsed = keptFile.safeParse(document);
  return parsed.success ? parsed.data.sessions : [];
}

class StoredSessions implements Sessions {
  readonly #settings: SessionSettings;
  readonly #now: () => number;
  readonly #steady: () => number;
  /** As the store had them when it was looked at last. */
  #kept: ReadonlyMap<string, Kept> = new Map();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  /** How many changes of ours there were: a look that began before one of them is out of date. */
  #changes = 0;
  /** When sessions were seen here, by fingerprint. */
  readonly #seen = new Map<string, number>();
  #notingSeen = false;
  /** Ended here; until the store says so, too, they are over here in any case. */
  readonly #over = new Set<string>();
  #discarded: Problem | undefined;

  constructor(settings: SessionSettings) {
    this.#settings = settings;
    this.#now = settings.now ?? Date.now;
    this.#steady = settings.steady ?? (() => performance.now());
  }

  async open(): Promise<Problem | undefined> {
    const found = await this.#settings.file.read();
    if (found.ok) this.#take(readKept(found.value));
    else if (this.#isOfFile(found.problem)) this.#discarded = found.problem;
    return found.ok ? undefined : found.problem;
  }

  async start(userId: string, agent: string, epoch: number) {
    const token = newSessionToken();
    const now = this.#now();
    const session: Kept = {
      id: randomId(),
      fingerprint: this.#fingerprint(token),
      userId,
      createdAt: now,
      lastSeenAt: now,
      confirmedAt: now,
      epoch,
      agent: agent.replace(/\p{C}/gu, "").slice(0, longestAgent),
    };
    const written = await this.#change((living) => {
      const own = living.filter((one) => one.userId === userId).map((one) => this.#asSeen(one));
      const old = new Set(
        lastSeenFirst(own)
          .slice(mostPerUser - 1)
          .map((one) => one.fingerprint),
      );
      return [...living.filter((one) => !old.has(one.fingerprint)), session];
    });
    if (!written.ok) return written;
    return ok({
      cookie: sessionCookieValue(token, this.#settings.cookieKey),
      session: toSession(session),
    });
  }

  async find(cookie: string | undefined): Promise<Session | undefined> {
    const token = readSessionCookie(cookie, this.#settings.cookieKey);
    if (token === undefined) return undefined;
    await this.#look(goodFor);
    const fingerprint = this.#fingerprint(token);
    const kept = this.#kept.get(fingerprint);
    if (kept === undefined || !this.#lives(kept)) return undefined;
    this.#seen.set(fingerprint, Math.max(this.#asSeen(kept).lastSeenAt, this.#now()));
    const session = this.#asSeen(kept);
    // Not awaited: a page does not wait for it, and at worst the session ends five minutes early after a crash.
    if (session.lastSeenAt - kept.lastSeenAt >= seenInterval) this.#noteSeen().catch(() => undefined);
    return toSession(session);
  }

  async list(userId: string): Promise<readonly Session[]> {
    await this.#look(goodFor);
    return lastSeenFirst(this.#living().filter((one) => one.userId === userId)).map(toSession);
  }

  async now(): Promise<ReadonlyMap<string, Session>> {
    await this.#look(0);
    return new Map(this.#living().map((session) => [session.id, toSession(session)]));
  }

  async confirm(userId: string, id: string): Promise<Result<boolean>> {
    let found = false;
    const confirmedAt = this.#now();
    const written = await this.#change((living) => {
      found = living.some(isOne(userId, id));
      return living.map((one) => (isOne(userId, id)(one) ? { ...one, confirmedAt } : one));
    });
    return written.ok ? ok(found) : written;
  }

  async end(userId: string, id: string): Promise<Result<boolean>> {
    let found = false;
    const written = await this.#ending(isOne(userId, id), (living) => {
      found = living.some(isOne(userId, id));
      return living.filter((one) => !isOne(userId, id)(one));
    });
    return written.ok ? ok(found) : written;
  }

  async renew(userId: string, id: string): Promise<Result<Secret | undefined>> {
    const token = newSessionToken();
    const fingerprint = this.#fingerprint(token);
    let found = false;
    const written = await this.#ending(isOne(userId, id), (living) => {
      found = living.some(isOne(userId, id));
      return living.map((one) => (isOne(userId, id)(one) ? { ...one, fingerprint } : one));
    });
    if (!written.ok) return written;
    return ok(found ? sessionCookieValue(token, this.#settings.cookieKey) : undefined);
  }

  async endAll(
    userId: string,
    except?: { readonly id: string; readonly epoch: number },
  ): Promise<Result<number>> {
    let ended = 0;
    const confirmedAt = this.#now();
    const isEnded = (one: Kept) => one.userId === userId && one.id !== except?.id;
    const written = await this.#ending(isEnded, (living) => {
      const left = living.filter((one) => !isEnded(one));
      ended = living.length - left.length;
      if (except === undefined) return left;
      const { id, epoch } = except;
      return left.map((one) => (isOne(userId, id)(one) ? { ...one, confirmedAt, epoch } : one));
    });
    return written.ok ? ok(ended) : written;
  }

  /** Looks into the store, unless what was read is no older than this, ms. Many requests share one look. */
  async #look(age: number): Promise<void> {
    if (this.#steady() - this.#lookedAt < age) return;
    this.#looking ??= this.#read().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  async #read(): Promise<void> {
    const [at, changes] = [this.#steady(), this.#changes];
    const found = await this.#settings.file.read();
    if (changes !== this.#changes) return;
    this.#lookedAt = at;
    if (found.ok) this.#take(readKept(found.value));
    // A store that cannot be asked ends nobody's session by that: what was read last holds until it can.
    else if (this.#isOfFile(found.problem)) this.#discard(found.problem);
  }

  #take(all: readonly Kept[]): void {
    this.#discarded = undefined;
    this.#kept = new Map(all.map((session) => [session.fingerprint, session]));
    for (const fingerprint of this.#seen.keys()) {
      if (!this.#kept.has(fingerprint)) this.#seen.delete(fingerprint);
    }
    for (const fingerprint of this.#over) if (!this.#kept.has(fingerprint)) this.#over.delete(fingerprint);
  }

  #discard(why: Problem): void {
    this.#kept = new Map();
    if (this.#discarded === undefined) this.#settings.discarded?.(why);
    this.#discarded = why;
  }

  /** Whether it is the list itself that is not to be believed, rather than a store that cannot be asked. */
  #isOfFile({ facts }: Problem): boolean {
    return facts.path === this.#settings.file.place;
  }

  /**
   * As `#change`, for what ends sessions: here they are over at once. Where that cannot be kept, as on a full disk, the
   * list that is kept must not be believed after a restart: rather everybody signs in again.
   */
  async #ending(isEnded: (one: Kept) => boolean, edit: Edit): Promise<Result<void>> {
    for (const one of this.#kept.values()) if (isEnded(one)) this.#over.add(one.fingerprint);
    const written = await this.#change(edit);
    if (!written.ok) await this.#settings.file.disown();
    return written;
  }

  /** Changes the living sessions as the store has them now; what was seen and ended here goes with it. */
  async #change(edit: Edit): Promise<Result<void>> {
    let next: readonly Kept[] = [];
    const changed = await this.#settings.file.change((value, unbelieved) => {
      if (unbelieved !== undefined) this.#discard(unbelieved);
      const all = readKept(value);
      const left = edit(all.filter((one) => this.#isInTime(one)));
      next = left.filter(({ fingerprint }) => !this.#over.has(fingerprint));
      const isSame = next.length === all.length && next.every((one, index) => one === all[index]);
      if (isSame && unbelieved === undefined) return value;
      next = next.map((one) => this.#asSeen(one));
      return { v: 2, sessions: next };
    });
    if (!changed.ok) return changed;
    this.#changes += 1;
    this.#lookedAt = this.#steady();
    this.#take(next);
    return changed;
  }

  async #noteSeen(): Promise<void> {
    if (this.#notingSeen) return;
    this.#notingSeen = true;
    try {
      const noted = await this.#change((living) => living.map((one) => this.#asSeen(one)));
      // The store's trouble is told by whoever watches it; the next request tries again.
      if (!noted.ok) return;
    } finally {
      this.#notingSeen = false;
    }
  }

  #fingerprint(token: Buffer): string {
    return sessionFingerprint(token, this.#settings.storeKey);
  }

  /** The same session, last seen here where that was later. */
  #asSeen(session: Kept): Kept {
    const lastSeenAt = this.#seen.get(session.fingerprint) ?? 0;
    return lastSeenAt > session.lastSeenAt ? { ...session, lastSeenAt } : session;
  }

  #living(): readonly Kept[] {
    return [...this.#kept.values()].filter((one) => this.#lives(one)).map((one) => this.#asSeen(one));
  }

  #lives(session: Kept): boolean {
    return !this.#over.has(session.fingerprint) && this.#isInTime(session);
  }

  #isInTime(session: Kept): boolean {
    const { createdAt, lastSeenAt } = this.#asSeen(session);
    const now = this.#now();
    // What lies in the future was written by a clock that was wrong: by it a session could live for years.
    if (createdAt - now > clockSlack || lastSeenAt - now > clockSlack) return false;
    return now - lastSeenAt < sessionIdleLimit && now - createdAt < sessionLifetime;
  }
}

type Edit = (living: readonly Kept[]) => readonly Kept[];

function isOne(userId: string, id: string): (session: Kept) => boolean {
  return (session) => session.userId === userId && session.id === id;
}

function lastSeenFirst(sessions: readonly Kept[]): readonly Kept[] {
  return sessions.toSorted((a, b) => b.lastSeenAt - a.lastSeenAt || b.createdAt - a.createdAt);
}

function toSession({ id, userId, createdAt, lastSeenAt, confirmedAt, epoch, agent }: Kept): Session {
  return { id, userId, createdAt, lastSeenAt, confirmedAt, epoch, agent };
}
