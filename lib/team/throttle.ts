import "server-only";
import { createHash } from "node:crypto";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { BackOff, type KeptCount, type Receipt } from "./back-off.ts";
import { Bucket, type KeptBucket } from "./bucket.ts";
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
  /** What `forgive` needs for the same, also on another throttle that begins where this one is. */
  readonly receipt: AdmissionReceipt;
}

/** What one try was counted under, as plain values. */
export type AdmissionReceipt =
  | { readonly device: Receipt }
  | { readonly account: string; readonly pair: Receipt; readonly source: Receipt | undefined };

/** Whatever counts at a moment, as plain values. */
export interface KeptTries {
  readonly devices: readonly KeptCount[];
  readonly pairs: readonly KeptCount[];
  readonly sources: readonly KeptCount[];
  readonly accounts: readonly (readonly [key: string, bucket: KeptBucket])[];
  readonly known: KeptBucket | undefined;
  readonly strangers: KeptBucket | undefined;
}

export interface Throttle {
  /** Takes one try, or answers `too-many-attempts` with `retryAfter`, the whole seconds until one is taken again. */
  ask(attempt: Attempt): Result<Admission>;
  /** A try that was taken, here or by the throttle that this one goes on from, was right. */
  forgive(receipt: AdmissionReceipt): void;
  /** @param most so many counts of a kind at most: those that weigh least go */
  kept(most: number): KeptTries;
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
 * @param begin where it goes on from; and what names become before they are counted
 */
export function throttle(
  now: () => number = () => performance.now(),
  {
    kept,
    nameOf = sha256,
  }: { readonly kept?: KeptTries | undefined; readonly nameOf?: (name: string) => string } = {},
): Throttle {
  const devices = new BackOff(now, 5, kept?.devices);
  const known = new Bucket(now, 30, 1, kept?.known);
  const pairs = new BackOff(now, 5, kept?.pairs);
  const sources = new BackOff(now, 20, kept?.sources);
  const accounts = new Buckets(now, 100, 1 / 30, kept?.accounts);
  const strangers = new Bucket(now, 30, 1, kept?.strangers);

  function admission(receipt: AdmissionReceipt): Result<Admission> {
    return ok({ receipt, succeeded: () => forgive(receipt) });
  }

  function askKnown(device: string, account: string): Result<Admission> {
    const key = nameOf(`device\n${device}\n${account}`);
    const pause = Math.max(devices.pause(key), known.pause());
    if (pause > 0) return failed(tooMany(pause));
    known.take();
    return admission({ device: devices.fail(key) });
  }

  function askStranger(source: string | undefined, name: string): Result<Admission> {
    const account = nameOf(`account\n${name}`);
    const pair = nameOf(`pair\n${source ?? ""}\n${name}`);
    const from = source === undefined ? undefined : nameOf(`source\n${source}`);
    const pause = Math.max(
      pairs.pause(pair),
      from === undefined ? 0 : sources.pause(from),
      accounts.of(account).pause(),
      strangers.pause(),
    );
    if (pause > 0) return failed(tooMany(pause));
    // Counted before the work, so that a hundred tries in parallel are a hundred tries.
    accounts.of(account).take();
    strangers.take();
    return admission({
      account,
      pair: pairs.fail(pair),
      source: from === undefined ? undefined : sources.fail(from),
    });
  }

  function forgive(receipt: AdmissionReceipt): void {
    if ("device" in receipt) {
      devices.takeBack(receipt.device);
      known.putBack();
      return;
    }
    pairs.takeBack(receipt.pair);
    if (receipt.source !== undefined) sources.takeBack(receipt.source);
    accounts.of(receipt.account).putBack();
    strangers.putBack();
  }

  return {
    ask({ account, source, device }) {
      const name = foldUserName(account);
      if (device !== undefined) return askKnown(device, name);
      return askStranger(source === undefined ? undefined : sourceKey(source), name);
    },
    forgive,
    kept: (most) => ({
      devices: devices.kept(most),
      pairs: pairs.kept(most),
      sources: sources.kept(most),
      accounts: accounts.kept(most),
      known: known.kept(),
      strangers: strangers.kept(),
    }),
  };
}

function sha256(name: string): string {
  return createHash("sha256").update(name).digest("base64");
}

function tooMany(pauseMs: number) {
  return problem("too-many-attempts", { retryAfter: Math.ceil(pauseMs / 1000) });
}

/** A bucket a name; the ones that were not asked for longest are forgotten, since strangers choose the names. */
class Buckets {
  readonly #make: (kept?: KeptBucket) => Bucket;
  readonly #buckets: Map<string, Bucket>;

  constructor(now: () => number, most: number, perSecond: number, kept: KeptTries["accounts"] = []) {
    this.#make = (one) => new Bucket(now, most, perSecond, one);
    this.#buckets = new Map(kept.map(([key, one]) => [key, this.#make(one)]));
  }

  of(key: string): Bucket {
    const bucket = this.#buckets.get(key) ?? this.#make();
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > 10_000) this.#buckets.delete(this.#buckets.keys().next().value ?? key);
    return bucket;
  }

  /** Those that are not full; of more than so many those with least left. */
  kept(most: number): KeptTries["accounts"] {
    const all = [...this.#buckets].flatMap(([key, bucket]) => {
      const kept = bucket.kept();
      return kept === undefined ? [] : [[key, kept] as const];
    });
    if (all.length <= most) return all;
    return all.toSorted(([, [a]], [, [b]]) => a - b).slice(0, most);
  }
}
