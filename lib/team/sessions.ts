import "server-only";
import { z } from "zod";
import type { Problem } from "#lib/problems/problem.ts";
import { ok, type Result } from "#lib/problems/result.ts";
import { randomId } from "#lib/random-id.ts";
import type { Secret } from "#lib/secret.ts";
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
  find(cookie: string | undefined): Session | undefined;
  /** A user's living sessions, the last seen first. */
  list(userId: string): readonly Session[];
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

/** Where sessions are kept: a document of the vault, sealed as a whole. */
export interface SessionFile {
  /** What was written last. An older list that was put back is a problem of its own: ended sessions would live again. */
  read(): Promise<Result<unknown>>;
  write(document: unknown): Promise<Result<void>>;
  /** Lets what is kept count no more, until the next write. */
  disown(): Promise<void>;
}

export interface SessionSettings {
  readonly file: SessionFile;
  /** Keys of their own, derived by the vault. */
  readonly cookieKey: Buffer;
  readonly storeKey: Buffer;
  readonly now?: () => number;
}

/**
 * Reads the kept sessions.
 *
 * @returns the sessions, and the problem that made the kept ones unreadable, if so: then everybody signs in again,
 *   which is safe, and the reason can be logged
 */
export async function openSessions(
  settings: SessionSettings,
): Promise<{ readonly sessions: Sessions; readonly discarded: Problem | undefined }> {
  const found = await settings.file.read();
  const kept = found.ok ? readKept(found.value) : [];
  return { sessions: new KeptSessions(settings, kept), discarded: found.ok ? undefined : found.problem };
}

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

interface Kept {
  readonly id: string;
  readonly fingerprint: string;
  readonly userId: string;
  readonly createdAt: number;
  readonly agent: string;
  lastSeenAt: number;
  confirmedAt: number;
  epoch: number;
  /** The last moment that stands in the file. */
  writtenSeenAt: number;
}

function readKept(document: unknown): readonly Kept[] {
  const parsed = keptFile.safeParse(document);
  if (!parsed.success) return [];
  return parsed.data.sessions.map((session) => ({ ...session, writtenSeenAt: session.lastSeenAt }));
}

class KeptSessions implements Sessions {
  readonly #file: SessionFile;
  readonly #cookieKey: Buffer;
  readonly #storeKey: Buffer;
  readonly #now: () => number;
  readonly #kept: Map<string, Kept>;
  #writing: Promise<unknown> = Promise.resolve();

  constructor({ file, cookieKey, storeKey, now = Date.now }: SessionSettings, kept: readonly Kept[]) {
    this.#file = file;
    this.#cookieKey = cookieKey;
    this.#storeKey = storeKey;
    this.#now = now;
    this.#kept = new Map(kept.map((session) => [session.fingerprint, session]));
  }

  async start(userId: string, agent: string, epoch: number) {
    const token = newSessionToken();
    const now = this.#now();
    const session: Kept = {
      id: randomId(),
      fingerprint: sessionFingerprint(token, this.#storeKey),
      userId,
      createdAt: now,
      lastSeenAt: now,
      writtenSeenAt: now,
      confirmedAt: now,
      epoch,
      agent: agent.replace(/\p{C}/gu, "").slice(0, longestAgent),
    };
    this.#kept.set(session.fingerprint, session);
    for (const old of this.#of(userId).slice(mostPerUser)) this.#kept.delete(old.fingerprint);
    const written = await this.#write();
    if (!written.ok) {
      this.#kept.delete(session.fingerprint);
      return written;
    }
    return ok({ cookie: sessionCookieValue(token, this.#cookieKey), session: toSession(session) });
  }

  find(cookie: string | undefined): Session | undefined {
    const token = readSessionCookie(cookie, this.#cookieKey);
    if (token === undefined) return undefined;
    const session = this.#kept.get(sessionFingerprint(token, this.#storeKey));
    if (session === undefined || !this.#lives(session)) return undefined;
    session.lastSeenAt = Math.max(session.lastSeenAt, this.#now());
    // Not awaited: a page does not wait for it, and at worst the session ends five minutes early after a crash.
    if (session.lastSeenAt - session.writtenSeenAt >= seenInterval) {
      const before = session.writtenSeenAt;
      session.writtenSeenAt = session.lastSeenAt;
      void this.#write().then((written) => {
        // The next request tries again.
        if (!written.ok) session.writtenSeenAt = before;
      });
    }
    return toSession(session);
  }

  list(userId: string): readonly Session[] {
    return this.#of(userId).map(toSession);
  }

  async confirm(userId: string, id: string): Promise<Result<boolean>> {
    const session = this.#of(userId).find((one) => one.id === id);
    if (session === undefined) return ok(false);
    session.confirmedAt = this.#now();
    const written = await this.#write();
    return written.ok ? ok(true) : written;
  }

  async end(userId: string, id: string): Promise<Result<boolean>> {
    const session = this.#of(userId).find((one) => one.id === id);
    if (session === undefined) return ok(false);
    this.#kept.delete(session.fingerprint);
    const written = await this.#writeEnd();
    return written.ok ? ok(true) : written;
  }

  async renew(userId: string, id: string): Promise<Result<Secret | undefined>> {
    const before = this.#of(userId).find((one) => one.id === id);
    if (before === undefined) return ok(undefined);
    const token = newSessionToken();
    const after: Kept = { ...before, fingerprint: sessionFingerprint(token, this.#storeKey) };
    this.#kept.delete(before.fingerprint);
    this.#kept.set(after.fingerprint, after);
    const written = await this.#writeEnd();
    return written.ok ? ok(sessionCookieValue(token, this.#cookieKey)) : written;
  }

  async endAll(
    userId: string,
    except?: { readonly id: string; readonly epoch: number },
  ): Promise<Result<number>> {
    const all = this.#of(userId);
    const kept = all.find((one) => one.id === except?.id);
    const ended = all.filter((one) => one !== kept);
    for (const { fingerprint } of ended) this.#kept.delete(fingerprint);
    if (kept !== undefined && except !== undefined) {
      kept.confirmedAt = this.#now();
      kept.epoch = except.epoch;
    }
    if (ended.length === 0 && kept === undefined) return ok(0);
    const written = await this.#writeEnd();
    return written.ok ? ok(ended.length) : written;
  }

  #of(userId: string): readonly Kept[] {
    return [...this.#kept.values()]
      .filter((session) => session.userId === userId && this.#lives(session))
      .sort((a, b) => b.lastSeenAt - a.lastSeenAt || b.createdAt - a.createdAt);
  }

  #lives(session: Kept): boolean {
    const now = this.#now();
    // What lies in the future was written by a clock that was wrong: by it a session could live for years.
    if (session.createdAt - now > clockSlack || session.lastSeenAt - now > clockSlack) return false;
    return now - session.lastSeenAt < sessionIdleLimit && now - session.createdAt < sessionLifetime;
  }

  /**
   * As `#write`, for what ends a session. Where that cannot be kept, as on a full disk, the list that is kept must not be
   * believed after a restart: rather everybody signs in again.
   */
  async #writeEnd(): Promise<Result<void>> {
    const written = await this.#write();
    if (!written.ok) await this.#file.disown();
    return written;
  }

  /** Writes all living sessions, one write after the other. */
  #write(): Promise<Result<void>> {
    const write = async (): Promise<Result<void>> => {
      for (const session of this.#kept.values()) {
        if (!this.#lives(session)) this.#kept.delete(session.fingerprint);
      }
      const living = [...this.#kept.values()];
      for (const session of living) session.writtenSeenAt = session.lastSeenAt;
      const sessions = living.map(({ writtenSeenAt: _, ...session }) => session);
      return this.#file.write({ v: 2, sessions });
    };
    const mine = this.#writing.then(write);
    this.#writing = mine.catch(() => undefined);
    return mine;
  }
}

function toSession({ id, userId, createdAt, lastSeenAt, confirmedAt, epoch, agent }: Kept): Session {
  return { id, userId, createdAt, lastSeenAt, confirmedAt, epoch, agent };
}
