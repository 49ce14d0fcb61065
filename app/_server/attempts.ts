import "server-only";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { processWide } from "#lib/process-wide.ts";
import { randomIdForm } from "#lib/random-id.ts";
import { BackOff } from "#lib/team/back-off.ts";
import { Bucket } from "#lib/team/bucket.ts";

/**
 * The running tests of everybody, each ended by its owner alone, and how often one person may have a server dialled, by a
 * test or by opening it: either answers what is behind an address.
 */
export interface Attempts {
  /**
   * Takes note of a test that begins.
   * @param loopback whether it goes to this machine itself, where more tries a minute do no harm
   * @returns what tells of a cancel; or `too-many-attempts` with `retryAfter` in seconds
   */
  begin(userId: string, id: string, loopback: boolean): Result<AbortSignal>;
  /** The same for an opening, which `open` counts. @returns what tells of a cancel */
  watch(userId: string, id: string): AbortSignal;
  end(userId: string, id: string): void;
  /** A test that came to nothing before anything was dialled or worked for: it ends, and does not count. */
  giveBack(userId: string, id: string, loopback: boolean): void;
  /**
   * Takes note of a form or key that is about to be read for something else than a test: what it holds may take work.
   * @returns `too-many-attempts` with `retryAfter` in seconds
   */
  read(userId: string): Result<void>;
  /**
   * Takes note that a connection is opened, out of the same bucket. A target that fails again and again has to be
   * waited for, longer each time.
   * @param target `host:port` that is dialled
   * @returns what tells of success; or `too-many-attempts` with `retryAfter` in seconds
   */
  open(userId: string, target: string, loopback: boolean): Result<Opening>;
  /** A cancel that overtakes its test is remembered and ends it as it begins. */
  cancel(userId: string, id: string): void;
}

/** An opening that is under way. One whose success is never told counts as failed. */
export interface Opening {
  /** The server took the connection: nothing was probed, so the try is given back and the target starts afresh. */
  succeeded(): void;
}

/** Whether this is dialled on the console's own machine, as it stands in the connection. */
export function isLoopbackTarget(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);
}

/** The same of a form, by what stands in it: its limit is taken before anything of it is parsed. */
export function goesToLoopback(form: unknown): boolean {
  const { host, networkAddress } = Object(form) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === "string" ? value.trim() : "");
  return isLoopbackTarget(text(networkAddress) || text(host).replace(/^\[(.*)\]$/, "$1"));
}

/** The one register of this process. */
export function attempts(): Attempts {
  return processWide("attempts", makeAttempts);
}

/** The browser makes the id, so its form is checked. */
export function isAttemptId(id: unknown): id is string {
  return typeof id === "string" && randomIdForm.test(id);
}

/** At once, and again within a minute. */
const most = { network: 10, loopback: 60, reading: 120 } as const;
type Kind = keyof typeof most;
const earlyCancelMs = 30_000;
/** So often may a person's openings of one target fail before they are slowed down. */
const freeFailures = 5;

/** @param now milliseconds of a clock that only goes forward */
export function makeAttempts(now: () => number = () => performance.now()): Attempts {
  const running = new Map<string, AbortController>();
  const cancelled = new Map<string, number>();
  const buckets = new Map<string, Bucket>();
  const targets = new BackOff(now, freeFailures);

  function watch(userId: string, id: string): AbortSignal {
    const key = `${userId} ${id}`;
    const controller = new AbortController();
    running.set(key, controller);
    if ((cancelled.get(key) ?? -earlyCancelMs) + earlyCancelMs > now()) controller.abort();
    cancelled.delete(key);
    return controller.signal;
  }

  return {
    watch,
    open(userId, target, loopback) {
      const bucket = bucketOf(buckets, userId, kindOf(loopback), now);
      const key = `${userId} ${target.toLowerCase()}`;
      const pause = Math.max(bucket.pause(), targets.pause(key));
      if (pause > 0) return failed(tooMany(pause));
      bucket.take();
      targets.fail(key);
      return ok({
        succeeded() {
          bucket.putBack();
          targets.forget(key);
        },
      });
    },
    begin(userId, id, loopback) {
      const bucket = bucketOf(buckets, userId, kindOf(loopback), now);
      const pause = bucket.pause();
      if (pause > 0) return failed(tooMany(pause));
      bucket.take();
      return ok(watch(userId, id));
    },
    end(userId, id) {
      running.delete(`${userId} ${id}`);
    },
    giveBack(userId, id, loopback) {
      running.delete(`${userId} ${id}`);
      bucketOf(buckets, userId, kindOf(loopback), now).putBack();
    },
    read(userId) {
      const bucket = bucketOf(buckets, userId, "reading", now);
      const pause = bucket.pause();
      if (pause > 0) return failed(tooMany(pause));
      bucket.take();
      return ok(undefined);
    },
    cancel(userId, id) {
      const key = `${userId} ${id}`;
      const controller = running.get(key);
      if (controller !== undefined) {
        controller.abort();
        return;
      }
      for (const [early, at] of cancelled) if (at + earlyCancelMs <= now()) cancelled.delete(early);
      if (cancelled.size < 1000) cancelled.set(key, now());
    },
  };
}

function tooMany(pauseMs: number): Problem {
  return problem("too-many-attempts", { retryAfter: Math.ceil(pauseMs / 1000) });
}

function kindOf(loopback: boolean): Kind {
  return loopback ? "loopback" : "network";
}

function bucketOf(buckets: Map<string, Bucket>, userId: string, kind: Kind, now: () => number): Bucket {
  const key = `${userId} ${kind}`;
  const count = most[kind];
  const bucket = buckets.get(key) ?? new Bucket(now, count, count / 60);
  buckets.set(key, bucket);
  return bucket;
}
