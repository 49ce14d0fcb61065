import "server-only";
import type { Problem } from "#lib/problems/problem.ts";
import { log } from "./log.ts";
import { processWide } from "./process-wide.ts";

/** One line a minute: a full disk meets every request. */
const quietMs = 60_000;

/** Says in the log what the store cannot do, at most once a minute; and once when it can again. */
export function noteStoreTrouble(trouble: Problem | undefined): void {
  const state = processWide<State>("store-trouble", () => ({ code: undefined, saidAt: undefined }));
  if (trouble === undefined) {
    if (state.code !== undefined) log().info("what is kept can be written again");
    state.code = undefined;
    return;
  }
  const now = performance.now();
  const isNew = state.code !== trouble.code;
  state.code = trouble.code;
  if (!isNew && state.saidAt !== undefined && now - state.saidAt < quietMs) return;
  state.saidAt = now;
  log().error({ problem: trouble.code, facts: trouble.facts }, "what is kept cannot be written");
}

interface State {
  /** What it is, as long as nothing has gone well since. */
  code: string | undefined;
  saidAt: number | undefined;
}
