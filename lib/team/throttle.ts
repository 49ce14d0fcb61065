import "server-only";
import { createHash } from "node:crypto";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { Bucket } from "./bucket.ts";
import { foldUserName } from "./user-name.ts";

/** Who tries: the user name aimed at, in any case and as long as it likes, and where the try comes from, if that can be known. */
export interface Attempt {
  readonly account: string;
  readonly source?: string | undefined;
}

/** A try that may go on. One whose success is never told counts as failed. */
export interface Admission {
  /** The try was right: the account's count starts afresh and the source's is one lower. */
  succeeded(): void;
}

export interface Throttle {
  /** Takes one try, or answers `too-many-attempts` with `retryAfter`, the whole seconds until one is taken again. */
  ask(attempt: Attempt): Result<Admission>;
}

/**
 * Slows guessing down, for one account, for one source and for all together.
 *
 * The first five wrong tries of an account (twenty of a source) cost nothing; each further one doubles a pause, from one
 * second up to five minutes. Nothing is locked for good: that would let a stranger shut somebody out. A try during
 * a pause is refused without being counted, so that hammering does not prolong it. Over all accounts at most
 * thirty tries at once and one a second after that: scrypt takes memory and a thread each. Where the source is not
 * known (no trusted proxy says it) this is also the limit for all sources together.
 *
 * @param now milliseconds of a clock that only goes forward, so that setting the computer's time changes nothing
 */
export function throttle(now: () => number = () => performance.now()): Throttle {
  const accounts = new Counts(now, 5);
  const sources = new Counts(now, 20);
  const all = new Bucket(now, 30, 1);

  return {
    ask({ account, source }) {
      const key = createHash("sha256").update(foldUserName(account)).digest("base64");
      const pause = Math.max(
        accounts.pause(key),
        source === undefined ? 0 : sources.pause(source),
        all.pause(),
      );
      if (pause > 0) return failed(problem("too-many-attempts", { retryAfter: Math.ceil(pause / 1000) }));
      all.take();
      // Counted before the work, so that a hundred tries in parallel are a hundred tries.
      accounts.fail(key);
      if (source !== undefined) sources.fail(source);
      return ok({
        succeeded() {
          accounts.forget(key);
          if (source !== undefined) sources.forgive(source);
        },
      });
    },
  };
}

interface Count {
  failures: number;
  pausedUntil: number;
  last: number;
}

const longestPause = 5 * 60_000;
/** A count that rested this long is forgotten. */
const memory = 60 * 60_000;
/** So many counts are kept at most: a stranger chooses the names. */
const mostCounts = 10_000;

class Counts {
  readonly #now: () => number;
  readonly #free: number;
  /** In the order of their last failure, oldest first. */
  readonly #counts = new Map<string, Count>();

  constructor(now: () => number, free: number) {
    this.#now = now;
    this.#free = free;
  }

  pause(key: string): number {
    return Math.max(0, (this.#counts.get(key)?.pausedUntil ?? 0) - this.#now());
  }

  fail(key: string): void {
    const now = this.#now();
    const before = this.#counts.get(key);
    const failures = (before === undefined || now - before.last > memory ? 0 : before.failures) + 1;
    const beyond = failures - this.#free;
    const pause = beyond < 0 ? 0 : Math.min(longestPause, 1000 * 2 ** Math.min(beyond, 20));
    this.#counts.delete(key);
    this.#counts.set(key, { failures, pausedUntil: now + pause, last: now });
    if (this.#counts.size > mostCounts) this.#counts.delete(this.#counts.keys().next().value ?? key);
  }

  forget(key: string): void {
    this.#counts.delete(key);
  }

  /** Takes back one failure: others behind the same address may still be guessing. */
  forgive(key: string): void {
    const count = this.#counts.get(key);
    if (count === undefined) return;
    count.failures -= 1;
    count.pausedUntil = 0;
  }
}
