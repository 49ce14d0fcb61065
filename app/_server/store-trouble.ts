import "server-only";
import type { Problem } from "#lib/problems/problem.ts";
import { processWide } from "#lib/process-wide.ts";
import { log } from "./log.ts";

/** One line a minute for each kind: a full disk meets every request, and between two of them something may fit. */
const quietMs = 60_000;

/** Says in the log what the store cannot do. */
export function noteStoreTrouble({ code, facts }: Problem): void {
  const { saidAt } = processWide("store-trouble", () => ({ saidAt: new Map<string, number>() }));
  const now = performance.now();
  if (now - (saidAt.get(code) ?? Number.NEGATIVE_INFINITY) < quietMs) return;
  saidAt.set(code, now);
  log().error({ problem: code, facts }, "what is kept cannot be written");
}
