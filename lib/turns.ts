import "server-only";
import { setImmediate } from "node:timers/promises";

/**
 * For work of many small steps that would hold everybody else up: to be awaited after each step.
 * @param longestMs so long the work goes on before others get a turn
 */
export function inTurns(longestMs = 10): () => Promise<void> {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun < longestMs) return;
    await setImmediate();
    begun = performance.now();
  };
}
