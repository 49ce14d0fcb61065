import "server-only";
import { processWide } from "#lib/process-wide.ts";

/** Notes that somebody was served just now: a console that serves nobody sends the store nothing. */
export function noteServed(): void {
  slot().at = performance.now();
}

/** Whether somebody was served within so long, ms. */
export function servedWithin(ms: number): boolean {
  return performance.now() - slot().at < ms;
}

function slot(): { at: number } {
  return processWide("last-served", () => ({ at: Number.NEGATIVE_INFINITY }));
}
