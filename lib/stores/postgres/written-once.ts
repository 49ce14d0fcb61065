import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";

/** What is there now, after a writing whose answer was not heard. */
export type Became = "ours" | "theirs" | "not-yet" | "unknown";

/**
 * Writes what fits over one state alone, so that of several copies one at most is done. From the first answer that is not
 * heard on nothing but a look says what became of it: one that was given up may still be under way, and a copy that finds its
 * place taken may have met the first.
 * @param write whether it was done; the very same each time
 * @param look what is there where it was to be written
 * @returns `store-conflict` where somebody else was quicker; with the fact `sent` where it may have been done, or may yet be
 */
export async function writtenOnce(
  write: () => Promise<Result<boolean>>,
  look: () => Promise<Result<Became>>,
): Promise<Result<void>> {
  const until = performance.now() + longestDoubt;
  let isInDoubt = false;
  for (;;) {
    const outcome = await write();
    if (outcome.ok && outcome.value) return ok(undefined);
    if (!isInDoubt && outcome.ok) return failed(problem("store-conflict"));
    if (!isInDoubt && !outcome.ok && outcome.problem.facts.sent !== true) return outcome;
    isInDoubt = true;
    const became = await answered(look, until);
    if (became === "ours") return ok(undefined);
    if (became === "theirs") return failed(problem("store-conflict"));
    if (became === "unknown" || performance.now() > until) {
      const facts = outcome.ok ? {} : outcome.problem.facts;
      return failed(problem("store-away", { ...facts, sent: true }));
    }
    await sleep(shortestWait);
  }
}

async function answered(look: () => Promise<Result<Became>>, until: number): Promise<Became> {
  for (let wait = shortestWait; ; wait = Math.min(1000, wait * 2)) {
    const found = await look();
    if (found.ok) return found.value;
    if (performance.now() + wait > until) return "unknown";
    await sleep(wait);
  }
}

/** So long it is tried to learn what became of it, ms. */
const longestDoubt = 10_000;
const shortestWait = 50;
