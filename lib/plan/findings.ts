import { numberOf, partsOf, type RawNode, textOf } from "./plan-json.ts";
import type { PlanNode, PlanTree } from "./plan-node.ts";

/** What is worth a look in a measured plan: keys of `messages/<locale>/plan.json`, each with what one could try. */
export const findingCodes = [
  "filter-loss",
  "index-filter-loss",
  "join-filter-loss",
  "expected-less",
  "expected-more",
  "sort-spilled",
  "hash-spilled",
  "aggregate-spilled",
  "rows-spilled",
  "lossy-bitmap",
  "inner-repeated",
  "subplan-repeated",
  "heap-fetches",
  "jit",
  "workers-missing",
  "trigger",
  "planning",
] as const;
export type FindingCode = (typeof findingCodes)[number];

export interface Finding {
  readonly code: FindingCode;
  /** The step it is about; null where it is about the whole. */
  readonly node: number | null;
  readonly facts: Readonly<Record<string, number | string>>;
}

/** What is less than that many rows, ms or runs is not worth anybody's time. */
const manyRows = 1_000;
const manyRuns = 1_000;
const longMs = 10;
const shortMs = 1;
/** A part of the whole time that counts. */
const largePart = 0.25;
/** How far an expectation is off before it misleads the planner. */
const farOff = 10;

/**
 * What to look at in a plan that was measured, the weightiest first: facts of the plan, never a promise of what a change
 * would bring. A plan that was not run says nothing of the kind.
 */
export function findings(tree: PlanTree): readonly Finding[] {
  if (!tree.measured) return [];
  const weight = ({ node }: Finding) =>
    node === null ? tree.whole : Math.max(...withChildren(tree, node).map(({ selfMs }) => selfMs ?? 0));
  const ofNodes = tree.nodes.filter(({ loops }) => loops !== 0).flatMap((node) => ofNode(node, tree));
  return [...ofWhole(tree), ...ofNodes.toSorted((a, b) => weight(b) - weight(a))];
}

function withChildren({ nodes }: PlanTree, id: number): readonly PlanNode[] {
  const node = nodes[id];
  return node === undefined ? [] : [node, ...node.children.flatMap((child) => nodes[child] ?? [])];
}

function ofWhole({ jit, executionMs, planningMs, triggers, whole }: PlanTree): readonly Finding[] {
  const found: Finding[] = [];
  const about = (code: FindingCode, facts: Finding["facts"]) => found.push({ code, node: null, facts });
  const isLarge = (ms: number) => ms >= longMs && ms >= largePart * whole;
  for (const { name, ms, calls } of triggers)
    if (isLarge(ms)) about("trigger", { name, ms, calls, part: ms / whole });
  if (jit?.ms != null && isLarge(jit.ms)) about("jit", { ms: jit.ms, part: jit.ms / whole });
  if (planningMs !== null && planningMs >= longMs && planningMs > (executionMs ?? 0))
    about("planning", { ms: planningMs });
  return found;
}

function ofNode(node: PlanNode, tree: PlanTree): readonly Finding[] {
  const found: Finding[] = [];
  const about = (code: FindingCode, facts: Finding["facts"]) => found.push({ code, node: node.id, facts });
  const { raw } = node;
  const type = textOf(raw, "Node Type");
  const loops = node.loops ?? 0;
  const rows = node.rows ?? 0;

  const losses = [
    ["filter-loss", "Rows Removed by Filter", /^(Seq|Sample|Foreign) Scan$/],
    ["index-filter-loss", "Rows Removed by Filter", /^(Index|Bitmap)/],
    ["join-filter-loss", "Rows Removed by Join Filter", /./],
  ] as const;
  for (const [code, name, which] of losses) {
    const dropped = Math.round((numberOf(raw, name) ?? 0) * loops);
    const isLoss = dropped >= manyRows && dropped >= 9 * rows && (node.selfMs ?? 0) >= shortMs;
    if (isLoss && which.test(type)) about(code, { read: dropped + rows, kept: rows });
  }

  if (isOffHere(node, tree)) {
    const { factor, expected } = node;
    const isMore = (factor ?? 1) > 1;
    const times = isMore ? (factor ?? 1) : 1 / (factor ?? 1);
    about(isMore ? "expected-less" : "expected-more", { expected: Math.round(expected), rows, times });
  }

  spills(node, type, about);
  const lossy = numberOf(raw, "Lossy Heap Blocks") ?? 0;
  if (lossy > 0) about("lossy-bitmap", { pages: lossy });

  const part = (node.totalMs ?? 0) / (tree.whole || 1);
  const runs = loops / node.processes;
  const above = node.parent === null ? undefined : tree.nodes[node.parent];
  if (runs >= manyRuns && part >= largePart && (node.totalMs ?? 0) >= longMs) {
    const facts = { runs: Math.round(runs), ms: node.totalMs ?? 0, part };
    const isInner = textOf(raw, "Parent Relationship") === "Inner" && /^Nested Loop/.test(above?.does ?? "");
    if (isInner) about("inner-repeated", facts);
    if (/^SubPlan/.test(node.subplan)) about("subplan-repeated", facts);
  }

  const fetches = numberOf(raw, "Heap Fetches") ?? 0;
  if (fetches >= manyRows && fetches >= rows / 10) about("heap-fetches", { fetches, rows });

  const { workers } = node;
  if (workers !== null && workers.launched !== null && workers.launched < workers.planned)
    about("workers-missing", { planned: workers.planned, launched: workers.launched });
  return found;
}

function spills(
  { raw, buffers }: PlanNode,
  type: string,
  about: (code: FindingCode, facts: Finding["facts"]) => void,
): void {
  const all: readonly RawNode[] = [raw, ...partsOf(raw, "Workers")];
  const onDisk = all.filter((one) => textOf(one, "Sort Space Type") === "Disk");
  const sorted = onDisk.reduce((sum, one) => sum + (numberOf(one, "Sort Space Used") ?? 0), 0);
  const batches = Math.max(...all.map((one) => numberOf(one, "Hash Batches") ?? 1));
  const disk = all.reduce((sum, one) => sum + (numberOf(one, "Disk Usage") ?? 0), 0);
  if (onDisk.length > 0) about("sort-spilled", { kilobytes: sorted });
  else if (batches > 1) about("hash-spilled", { batches });
  else if (disk > 0) about("aggregate-spilled", { kilobytes: disk });
  else if (
    (buffers?.tempWritten ?? 0) > 0 &&
    /^(Materialize|CTE Scan|WindowAgg|Function Scan|Recursive Union)$/.test(type)
  )
    about("rows-spilled", { pages: buffers?.tempWritten ?? 0 });
}

/** The expectation is off here and not beneath already: whatever is above has it from here. */
function isOffHere(node: PlanNode, tree: PlanTree): boolean {
  const cte = textOf(node.raw, "CTE Name");
  const below = tree.nodes.filter(
    ({ parent, subplan }) => parent === node.id || (cte !== "" && subplan === `CTE ${cte}`),
  );
  return isOff(node, tree) && !below.some((one) => isOff(one, tree));
}

function isOff(node: PlanNode | undefined, tree: PlanTree): boolean {
  if (node === undefined || node.factor === null) return false;
  const { factor, rows, expected } = node;
  if (Math.max(rows ?? 0, expected) < manyRows / 10) return false;
  if (factor >= farOff) return true;
  return factor <= 1 / farOff && !mayEndEarly(node, tree);
}

/** Whether what is above may have had enough before all rows had come: that fewer came was then no mistake. */
function mayEndEarly({ parent, id }: PlanNode, tree: PlanTree): boolean {
  if (parent === null) return false;
  const above = tree.nodes[parent];
  if (above === undefined) return false;
  const { raw } = above;
  const type = textOf(raw, "Node Type");
  const relation = textOf(tree.nodes[id]?.raw ?? {}, "Parent Relationship");
  if (type === "Limit" || relation === "InitPlan" || relation === "SubPlan") return true;
  if (/^(Semi|Anti|Right Semi|Right Anti)$/.test(textOf(raw, "Join Type")) || raw["Inner Unique"] === true)
    return true;
  if (type === "Merge Join") return true;
  // These take all before they give the first.
  if (/^(Sort|Hash|Aggregate|ModifyTable|SetOp)$/.test(type)) return false;
  // The outer side of a hash join is not even begun where the inner one is empty.
  if (/Join|Nested Loop/.test(type) && tree.nodes.some((one) => one.parent === parent && one.rows === 0))
    return true;
  return mayEndEarly(above, tree);
}
