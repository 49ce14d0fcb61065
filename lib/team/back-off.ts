import "server-only";
import { randomId } from "#lib/random-id.ts";

interface Count {
  readonly failures: number;
  readonly pausedUntil: number;
  readonly last: number;
  /** The failure that was counted last: of several consoles, and after a restart, it is known by this. */
  readonly by: string;
}

/** A count, as plain values. */
export type KeptCount = readonly [
  key: string,
  failures: number,
  pausedUntil: number,
  last: number,
  by: string,
];

/** What takes a failure back. */
export interface Receipt {
  readonly key: string;
  readonly by: string;
  /** The pause that stood before it. */
  readonly pausedUntil: number;
}

const longestPause = 5 * 60_000;
/** A count that rested this long is forgotten. */
const memory = 60 * 60_000;
/** What lies further ahead was counted by a clock that was wrong, ms: by it a pause could last for years. */
const clockSlack = 5 * 60_000;
/** So many counts are in memory at most: a stranger chooses the names. */
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
   * @param kept what was counted before, by this clock or by another that may be a little ahead
   */
  constructor(now: () => number, free: number, kept: readonly KeptCount[] = []) {
    this.#now = now;
    this.#free = free;
    const latest = now() + clockSlack;
    for (const [key, failures, pausedUntil, last, by] of kept) {
      if (last <= latest) this.#counts.set(key, { failures, pausedUntil, last, by });
    }
  }

  /** Milliseconds until the next try; 0 when it may come. */
  pause(key: string): number {
    return Math.max(0, (this.#counts.get(key)?.pausedUntil ?? 0) - this.#now());
  }

  /**
   * Counts a failure.
   * @returns takes it back, for a try that turned out right: the pause that it made goes, what others made stays
   */
  fail(key: string): Receipt {
    const now = this.#now();
    const before = this.#counts.get(key);
    const failures = (before === undefined || now - before.last > memory ? 0 : before.failures) + 1;
    const beyond = failures - this.#free;
    const pause = beyond < 0 ? 0 : Math.min(longestPause, 1000 * 2 ** Math.min(beyond, 20));
    const by = randomId().slice(0, 8);
    this.#counts.delete(key);
    this.#counts.set(key, { failures, pausedUntil: now + pause, last: now, by });
    if (this.#counts.size > mostCounts) this.#counts.delete(this.#counts.keys().next().value ?? key);
    return { key, by, pausedUntil: before?.pausedUntil ?? 0 };
  }

  takeBack({ key, by, pausedUntil }: Receipt): void {
    const count = this.#counts.get(key);
    if (count === undefined) return;
    const isLast = count.by === by;
    this.#counts.set(key, {
      ...count,
      failures: count.failures - 1,
      pausedUntil: isLast ? pausedUntil : count.pausedUntil,
    });
  }

  forget(key: string): void {
    this.#counts.delete(key);
  }

  /** What still counts, oldest first: of more than so many those that failed most often, and latest. */
  kept(most: number): readonly KeptCount[] {
    const now = this.#now();
    const all = [...this.#counts].filter(
      ([, { failures, pausedUntil, last }]) => failures > 0 && (pausedUntil > now || now - last <= memory),
    );
    const heaviest = all
      .toSorted(([, a], [, b]) => b.failures - a.failures || b.last - a.last)
      .slice(0, most)
      .toSorted(([, a], [, b]) => a.last - b.last);
    return heaviest.map(([key, { failures, pausedUntil, last, by }]) => [
      key,
      failures,
      pausedUntil,
      last,
      by,
    ]);
  }
}
