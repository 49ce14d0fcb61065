import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { processWide } from "#lib/process-wide.ts";
import { Bucket } from "#lib/team/bucket.ts";

/** The running tests of everybody, each ended by its owner alone, and how many one person may start. */
export interface Attempts {
  /**
   * Takes note of a test that begins.
   * @param loopback whether it goes to this machine itself, where more tries a minute do no harm
   * @returns what tells of a cancel; or `too-many-attempts` with `retryAfter` in seconds
   */
  begin(userId: string, id: string, loopback: boolean): Result<AbortSignal>;
  end(userId: string, id: string): void;
  /** A cancel that overtakes its test is remembered and ends it as it begins. */
  cancel(userId: string, id: string): void;
}

/** The one register of this process. */
export function attempts(): Attempts {
  return processWide("attempts", makeAttempts);
}

/** The browser makes the id, so its form is checked: 16 random bytes in hex. */
export function isAttemptId(id: unknown): id is string {
  return typeof id === "string" && /^[0-9a-f]{32}$/.test(id);
}

/** At once, and again within a minute. */
const most = { network: 10, loopback: 60 } as const;
const earlyCancelMs = 30_000;

/** @param now milliseconds of a clock that only goes forward */
export function makeAttempts(now: () => number = () => performance.now()): Attempts {
  const running = new Map<string, AbortController>();
  const cancelled = new Map<string, number>();
  const buckets = new Map<string, Bucket>();

  return {
    begin(userId, id, loopback) {
      const bucket = bucketOf(buckets, userId, loopback, now);
      const pause = bucket.pause();
      if (pause > 0) {
        return failed(problem("too-many-attempts", { retryAfter: Math.ceil(pause / 1000) }));
      }
      bucket.take();
      const key = `${userId} ${id}`;
      const controller = new AbortController();
      running.set(key, controller);
      if ((cancelled.get(key) ?? -earlyCancelMs) + earlyCancelMs > now()) controller.abort();
      cancelled.delete(key);
      return ok(controller.signal);
    },
    end(userId, id) {
      running.delete(`${userId} ${id}`);
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

function bucketOf(
  buckets: Map<string, Bucket>,
  userId: string,
  loopback: boolean,
  now: () => number,
): Bucket {
  const key = `${userId} ${loopback}`;
  const count = loopback ? most.loopback : most.network;
  const bucket = buckets.get(key) ?? new Bucket(now, count, count / 60);
  buckets.set(key, bucket);
  return bucket;
}
