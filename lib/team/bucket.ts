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
   */
  constructor(now: () => number, most: number, perSecond: number) {
    this.#now = now;
    this.#most = most;
    this.#perSecond = perSecond;
    this.#left = most;
    this.#at = now();
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
    const now = this.#now();
    this.#left = Math.min(this.#most, this.#left + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
  }
}
