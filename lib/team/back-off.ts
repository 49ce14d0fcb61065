import "server-only";

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

/**
 * Counts what fails, by a key. Each failure beyond the free ones doubles a pause, from one second up to five minutes;
 * nothing is locked for good. The clock only goes forward, so that setting the computer's time changes nothing.
 */
export class BackOff {
  readonly #now: () => number;
  readonly #free: number;
  /** In the order of their last failure, oldest first. */
  readonly #counts = new Map<string, Count>();

  /**
   * @param now milliseconds
   * @param free so many failures cost nothing
   */
  constructor(now: () => number, free: number) {
    this.#now = now;
    this.#free = free;
  }

  /** Milliseconds until the next try; 0 when it may come. */
  pause(key: string): number {
    return Math.max(0, (this.#counts.get(key)?.pausedUntil ?? 0) - this.#now());
  }

  /**
   * Counts a failure.
   * @returns takes it back, for a try that turned out right: the pause that it made goes, what others made stays
   */
  fail(key: string): () => void {
    const now = this.#now();
    const before = this.#counts.get(key);
    const failures = (before === undefined || now - before.last > memory ? 0 : before.failures) + 1;
    const beyond = failures - this.#free;
    const pause = beyond < 0 ? 0 : Math.min(longestPause, 1000 * 2 ** Math.min(beyond, 20));
    const mine: Count = { failures, pausedUntil: now + pause, last: now };
    this.#counts.delete(key);
    this.#counts.set(key, mine);
    if (this.#counts.size > mostCounts) this.#counts.delete(this.#counts.keys().next().value ?? key);
    return () => {
      const count = this.#counts.get(key);
      if (count === undefined) return;
      count.failures -= 1;
      if (count === mine) count.pausedUntil = before?.pausedUntil ?? 0;
    };
  }

  forget(key: string): void {
    this.#counts.delete(key);
  }
}
