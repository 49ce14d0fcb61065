import "server-only";
import { setTimeout as rest } from "node:timers/promises";
import { problem } from "#lib/problems/problem.ts";
import { failed, type Result } from "#lib/problems/result.ts";

/**
 * Tries again where somebody else was quicker (`store-conflict`), after a pause that grows and is different for each, so that
 * those who met do not meet again.
 * @param attempt reads what is there now each time
 * @returns its outcome; `store-busy` when it met somebody every time
 */
export async function afterConflicts<T>(attempt: () => Promise<Result<T>>, times = 8): Promise<Result<T>> {
  for (let tried = 1; ; tried += 1) {
    const outcome = await attempt();
    if (outcome.ok || outcome.problem.code !== "store-conflict") return outcome;
    if (tried === times) return failed(problem("store-busy"));
    await rest(Math.random() * Math.min(longestPause, shortestPause * 2 ** tried));
  }
}

/** ms. */
const shortestPause = 5;
const longestPause = 200;
