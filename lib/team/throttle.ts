import "server-only";
import { createHash } from "node:crypto";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { BackOff } from "./back-off.ts";
import { Bucket } from "./bucket.ts";
import { sourceKey } from "./source-key.ts";
import { foldUserName } from "./user-name.ts";

/** Who tries. */
export interface Attempt {
  /** The user name aimed at, in any case and as long as it likes. */
  readonly account: string;
  /** The address that the try comes from, if that can be known. */
  readonly source?: string | undefined;
  /** The browser, where this account is known to have signed in with it before. */
  readonly device?: string | undefined;
}

/** A try that may go on. One whose success is never told counts as failed. */
export interface Admission {
  /** The try was right: it did not count. What others did meanwhile stays. */
  succeeded(): void;
}

export interface Throttle {
  /** Takes one try, or answers `too-many-attempts` with `retryAfter`, the whole seconds until one is taken again. */
  ask(attempt: Attempt): Result<Admission>;
}

/**
 * Slows guessing down without letting strangers keep anybody out.
 *
 * A browser that an account signed in with before counts for itself: what others try, at this account or at all, is not
 * its matter. Strangers are counted by account and source together, by source, by account, and all in all. The first five
 * wrong tries of a source at an account (twenty of a source) cost nothing; each further one doubles a pause, from one
 * second up to five minutes. Over all sources one account takes a hundred tries at once and one in half a minute
 * after that, which a single source cannot use up; and all accounts together thirty at once and one a second, since
 * scrypt takes memory and a thread each. A try during a pause is refused without being counted, so that hammering does
 * not prolong it. Nothing is locked for good.
 *
 * @param now milliseconds of a clock that only goes forward, so that setting the computer's time changes nothing
 */
export function throttle(now: () => number = () => performance.now()): Throttle {
  const devices = new BackOff(now, 5);
  const known = new Bucket(now, 30, 1);
  const pairs = new BackOff(now, 5);
  const sources = new BackOff(now, 20);
  const accounts = new Buckets(now, 100, 1 / 30);
  const strangers = new Bucket(now, 30, 1);

  function askKnown(device: string, account: string): Result<Admission> {
    const key = `${device} ${account}`;
    const pause = Math.max(devices.pause(key), known.pause());
    if (pause > 0) return failed(tooMany(pause));
    known.take();
    const takeBack = devices.fail(key);
    return ok({
      succeeded() {
        takeBack();
        known.putBack();
      },
    });
  }

  function askStranger(source: string | undefined, account: string): Result<Admission> {
    const pair = `${source ?? ""} ${account}`;
    const pause = Math.max(
      pairs.pause(pair),
      source === undefined ? 0 : sources.pause(source),
      accounts.of(account).pause(),
      strangers.pause(),
    );
    if (pause > 0) return failed(tooMany(pause));
    // Counted before the work, so that a hundred tries in parallel are a hundred tries.
    const ofAccount = accounts.of(account);
    ofAccount.take();
    strangers.take();
    const takeBack = [pairs.fail(pair), ...(source === undefined ? [] : [sources.fail(source)])];
    return ok({
      succeeded() {
        for (const take of takeBack) take();
        ofAccount.putBack();
        strangers.putBack();
      },
    });
  }

  return {
    ask({ account, source, device }) {
      const key = createHash("sha256").update(foldUserName(account)).digest("base64");
      if (device !== undefined) return askKnown(device, key);
      return askStranger(source === undefined ? undefined : sourceKey(source), key);
    },
  };
}

function tooMany(pauseMs: number) {
  return problem("too-many-attempts", { retryAfter: Math.ceil(pauseMs / 1000) });
}

/** A bucket a name; the ones that were not asked for longest are forgotten, since strangers choose the names. */
class Buckets {
  readonly #make: () => Bucket;
  readonly #buckets = new Map<string, Bucket>();

  constructor(now: () => number, most: number, perSecond: number) {
    this.#make = () => new Bucket(now, most, perSecond);
  }

  of(key: string): Bucket {
    const bucket = this.#buckets.get(key) ?? this.#make();
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > 10_000) this.#buckets.delete(this.#buckets.keys().next().value ?? key);
    return bucket;
  }
}
