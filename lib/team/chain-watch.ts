import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { problem } from "#lib/problems/problem.ts";
import { failed, type Result } from "#lib/problems/result.ts";
import type { ChainState } from "#lib/vault/chained-log.ts";

/** What is known of the chain at this moment. */
export interface ChainReport {
  /** What the last check found, and when it began (milliseconds since 1970); undefined while the first one runs. */
  readonly last: { readonly found: Result<ChainState>; readonly at: number } | undefined;
  /** Whether one runs just now. */
  readonly running: boolean;
}

/** Checks a chain behind the back of whoever asks. */
export interface ChainWatch {
  /**
   * What the last check found. Asking begins another one, unless one runs or the last took long and was just now.
   * @param patience how long a check may run until nobody waits for it, ms
   */
  report(patience: number): Promise<ChainReport>;
}

/** A check rests ten times as long as it took: looking at a page again and again takes a tenth of a core at most. */
const restFactor = 10;

/**
 * @param check  follows the chain, in pieces, so that nobody waits for it
 * @param now    milliseconds since 1970
 * @param steady of a clock that only goes forward
 */
export function chainWatch(
  check: () => Promise<Result<ChainState>>,
  now: () => number,
  steady: () => number = () => performance.now(),
): ChainWatch {
  let last: ChainReport["last"];
  let restsUntil = 0;
  let running: Promise<void> | undefined;
  let begun = 0;

  async function run(): Promise<void> {
    const at = now();
    const found = await check().catch(() => failed(problem("unexpected")));
    last = { found, at };
    restsUntil = steady() + restFactor * (steady() - begun);
    running = undefined;
  }

  return {
    report: async (patience) => {
      if (running === undefined && steady() >= restsUntil) {
        begun = steady();
        running = run();
      }
      const left = begun + patience - steady();
      if (running !== undefined && left > 0) {
        await Promise.race([running, sleep(left, undefined, { ref: false })]);
      }
      return { last, running: running !== undefined };
    },
  };
}
