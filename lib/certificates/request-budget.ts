import "server-only";
import { processWide } from "#lib/process-wide.ts";

/**
 * How much one request may cost. What is pasted chooses its own number of key derivation rounds: so rounds are counted
 * over the whole request, however many keys it holds, and long work on the thread that answers everybody stops for
 * breath.
 */
export class RequestBudget {
  readonly #all: number;
  #rounds: number;
  #since = performance.now();

  /** @param rounds rounds of PBKDF2 or the like that all keys together may ask for: five million take two to three seconds */
  constructor(rounds = 5_000_000) {
    this.#all = rounds;
    this.#rounds = rounds;
  }

  /** Whether nothing was spent yet. */
  get isWhole(): boolean {
    return this.#rounds === this.#all;
  }

  /** Whether so many rounds can still be afforded; they count as spent if so. */
  affords(rounds: number): boolean {
    if (!(rounds >= 0) || rounds > this.#rounds) return false;
    this.#rounds -= rounds;
    return true;
  }

  /** Why so many could not: more than any request may spend, or more than this one has left. */
  shortfall(rounds: number): "alone" | "together" {
    return rounds > this.#all ? "alone" : "together";
  }

  /** Lets others have the thread if this has held it for 5 ms. */
  async yieldThread(): Promise<void> {
    if (performance.now() - this.#since < 5) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#since = performance.now();
  }
}

/** Takes a twentieth of a second, so that nobody has to wait for anybody. */
const usualMost = 100_000;

/**
 * Does a key derivation; those of many rounds one after the other in this process, as for SCRAM (`scram-rounds.ts`).
 * Node has four threads for such work, names and files alike, so several at once would keep everybody's from them.
 */
export async function deriveInTurn<T>(rounds: number, derive: () => Promise<T>): Promise<T> {
  if (rounds <= usualMost) return derive();
  const line = processWide("key-derivations", () => ({ last: Promise.resolve() as Promise<unknown> }));
  const turn = line.last.then(derive, derive);
  line.last = turn.catch(() => undefined);
  return turn;
}
