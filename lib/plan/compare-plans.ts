import { matchNodes, type NodePair } from "./match-nodes.ts";
import type { PlanNode, PlanTree } from "./plan-node.ts";

/** What of a step is compared, own parts of it: keys of `messages/<locale>/plan.json`. */
export type Measure = "time" | "rows" | "expected" | "cost" | "pages" | "temp";

/** What of a whole plan is compared. */
export type Total = "execution" | "planning" | "cost";

export interface Difference<Of> {
  readonly of: Of;
  readonly before: number;
  readonly after: number;
  /** -0.5 for half of it; null where there was nothing to be a part of. */
  readonly change: number | null;
}

export interface ComparedNode extends NodePair {
  /** `same`: the same work on the same thing, by the same means; `changed`: by other means. */
  readonly kind: "same" | "changed" | "added" | "removed";
  /** What both have, and have otherwise. */
  readonly differs: readonly Difference<Measure>[];
}

export interface PlanComparison {
  /** In the order of the second plan. */
  readonly nodes: readonly ComparedNode[];
  /** What both have, also where it is equal. */
  readonly totals: readonly Difference<Total>[];
}

/**
 * Lays two plans side by side: which step of the one stands for which of the other, and what differs. A plan differs in
 * nothing from itself. What only one of them has, the times of one that was not measured say, is not compared.
 */
export function comparePlans(before: PlanTree, after: PlanTree): PlanComparison {
  return {
    nodes: matchNodes(before.nodes, after.nodes).map((pair) => ({
      ...pair,
      kind: kindOf(pair),
      differs: differencesOf(pair),
    })),
    totals: (["execution", "planning", "cost"] as const).flatMap((of) =>
      differenceOf(of, totalOf(before, of), totalOf(after, of)),
    ),
  };
}

function kindOf({ before, after }: NodePair): ComparedNode["kind"] {
  if (before === null) return "added";
  if (after === null) return "removed";
  return before.does === after.does && before.on === after.on ? "same" : "changed";
}

const measures: Readonly<Record<Measure, (node: PlanNode) => number | null>> = {
  // What is left of a subtraction has more digits than what was measured.
  time: ({ selfMs }) => (selfMs === null ? null : rounded(selfMs, 1_000)),
  rows: ({ rows }) => rows,
  expected: ({ expected }) => expected,
  cost: ({ selfCost }) => rounded(selfCost, 100),
  pages: ({ buffers }) => (buffers === null ? null : buffers.hit + buffers.read),
  temp: ({ buffers }) => (buffers === null ? null : buffers.tempRead + buffers.tempWritten),
};

function differencesOf({ before, after }: NodePair): readonly Difference<Measure>[] {
  if (before === null || after === null) return [];
  return (Object.keys(measures) as Measure[])
    .flatMap((of) => differenceOf(of, measures[of](before), measures[of](after)))
    .filter((one) => one.before !== one.after);
}

function differenceOf<Of>(of: Of, before: number | null, after: number | null): readonly Difference<Of>[] {
  if (before === null || after === null) return [];
  return [{ of, before, after, change: before === 0 ? null : (after - before) / before }];
}

function totalOf({ executionMs, planningMs, nodes }: PlanTree, of: Total): number | null {
  if (of === "execution") return executionMs;
  return of === "planning" ? planningMs : (nodes[0]?.cost ?? null);
}

function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
