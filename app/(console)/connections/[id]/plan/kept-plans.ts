import { planTree } from "#lib/plan/plan-tree.ts";
import type { PlanHow } from "./plan-ask.ts";

/** A plan that a SQL tab was told, for a later one to be laid beside. */
export interface KeptPlan {
  /** When it was asked for, on the clock of `performance.now()`: tells it from the others of its tab. */
  readonly at: number;
  readonly sql: string;
  /** Of its parameters; null where it holds for any. */
  readonly values: readonly (string | null)[] | null;
  readonly how: PlanHow;
  /** As the server wrote it. */
  readonly json: string;
  readonly executionMs: number | null;
  readonly cost: number;
}

export const mostKept = 8;
/** Of all kept plans of a tab together, in signs: one of thousands of partitions has some megabytes. */
const mostSigns = 16_000_000;

/**
 * By what a tab has for itself, as long as it is there. In memory of the page only: statements and plans hold values, which
 * the browser's storage never gets.
 */
const kept = new WeakMap<object, readonly KeptPlan[]>();

/**
 * Keeps a plan in its tab, and lets go of the oldest where there are too many. What does not read as a plan is not kept.
 * @returns those that the tab had before, the latest first
 */
export function keepPlan(tab: object, plan: Omit<KeptPlan, "executionMs" | "cost">): readonly KeptPlan[] {
  const before = (kept.get(tab) ?? []).filter(({ at }) => at !== plan.at);
  const tree = planTree(plan.json);
  if (tree === undefined) return before;
  const all = [{ ...plan, executionMs: tree.executionMs, cost: tree.nodes[0]?.cost ?? 0 }, ...before];
  let signs = 0;
  const few = all.filter(({ json, sql }, place) => {
    signs += json.length + sql.length;
    return place === 0 || (place <= mostKept && signs <= mostSigns);
  });
  kept.set(tab, few);
  return few.slice(1);
}
