/** So many are left, and when that was, ms. */
export type KeptBucket = readonly [left: number, at: number];

/** What lies further ahead was written by a clock that was wrong, ms. */
const clockSlack = 5 * 60_000;

/** Tries in hand, refilled steadily up to a limit. */
export class Bucket {
  readonly #now: () => number;
  readonly #most: number;
  readonly #perSecond: number;
  #left: number;
  #at: number;

  /**
   * @param now milliseconds of a clock that only goes forward
   * @param most so many tries are in hand when nothing happened for a while
   * @param perSecond how fast they come back
   * @param kept      how it stood before, by this clock or by another that may be a little ahead
   */
  constructor(now: () => number, most: number, perSecond: number, kept?: KeptBucket) {
    this.#now = now;
    this.#most = most;
    this.#perSecond = perSecond;
    const [left, at] = kept === undefined || kept[1] - now() > clockSlack ? [most, now()] : kept;
    this.#left = Math.min(left, most);
    this.#at = at;
  }

  /** How it stands; undefined for one that is full, as a new one is. */
  kept(): KeptBucket | undefined {
    this.#refill();
    return this.#left < this.#most ? [this.#left, this.#at] : undefined;
  }

  /** Milliseconds until a try is in hand; 0 when there is one. */
  pause(): number {
    this.#refill();
    return this.#left >= 1 ? 0 : ((1 - this.#left) / this.#perSecond) * 1000;
  }

  take(): void {
    this.#refill();
    this.#left -= 1;
  }

  /** Gives one back that turned out not to count. */
  putBack(): void {
    this.#left += 1;
  }

  #refill(): void {
    // Of two clocks the one that is ahead counts: tries come back once.
    const now = Math.max(this.#now(), this.#at);
    this.#left = Math.min(this.#most, this.#left + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
  }
}
