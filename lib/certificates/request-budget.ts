import "server-only";

/**
 * How much one request may cost. What is pasted chooses its own number of key derivation rounds, and the console
 * answers everybody on one thread: so rounds are counted over the whole request, and long work stops for breath.
 */
export class RequestBudget {
  #rounds: number;
  #since = performance.now();

  /** @param rounds rounds of PBKDF2 or the like that all keys together may ask for: two million take about a second */
  constructor(rounds = 2_000_000) {
    this.#rounds = rounds;
  }

  /** Whether so many rounds can still be afforded; they count as spent if so. */
  affords(rounds: number): boolean {
    if (!(rounds >= 0) || rounds > this.#rounds) return false;
    this.#rounds -= rounds;
    return true;
  }

  /** Lets others have the thread if this has held it for 5 ms. */
  async yieldThread(): Promise<void> {
    if (performance.now() - this.#since < 5) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#since = performance.now();
  }
}
