import { textOf } from "./plan-json.ts";
import type { PlanNode } from "./plan-node.ts";

/** A step of one plan and what stands for it in the other. One of the two is always there. */
export interface NodePair {
  readonly before: PlanNode | null;
  readonly after: PlanNode | null;
  /** They are the same step, in another order among the rest. */
  readonly moved: boolean;
}

/**
 * Finds in a second plan the steps of a first: by what they do, what they do it on, and where they stand. Both are read
 * from top to bottom, and as many steps as may be are paired without any two pairs crossing (a sequence alignment);
 * whatever is left over on both sides and works on the same table has moved. A pure function; each step is in one pair.
 * @returns in the order of the second plan, with what is only in the first before what took its place
 */
export function matchNodes(before: readonly PlanNode[], after: readonly PlanNode[]): readonly NodePair[] {
  const known = new Map<string, number>();
  const shapes = (nodes: readonly PlanNode[]): Shapes => nodes.map((node) => shapeOf(node, known));
  const [a, b] = [shapes(before), shapes(after)];
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && likeness(a[start], b[start]) === alike) start += 1;
  let end = 0;
  while (end < most - start && likeness(a.at(-1 - end), b.at(-1 - end)) === alike) end += 1;
  const found = new Map<number, number>();
  for (let at = 0; at < start; at += 1) found.set(at, at);
  for (let at = 1; at <= end; at += 1) found.set(b.length - at, a.length - at);
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const pairs = left.length * right.length > mostCells ? nearest(left, right) : aligned(left, right);
  for (const [to, from] of pairs) found.set(to + start, from + start);
  const moved = movedOf(a, b, found);
  const taken = new Set(moved.values());
  const all: NodePair[] = [];
  let next = 0;
  const leave = (until: number) => {
    for (; next < until; next += 1)
      if (!taken.has(next)) all.push({ before: before[next] ?? null, after: null, moved: false });
  };
  const ends = endsOf(found, after.length, before.length);
  after.forEach((node, to) => {
    leave(ends[to] ?? next);
    const from = found.get(to);
    if (from !== undefined) next = from + 1;
    const was = from ?? moved.get(to);
    all.push({ before: was === undefined ? null : (before[was] ?? null), after: node, moved: moved.has(to) });
  });
  leave(before.length);
  return all;
}

/** Of each place in the second plan, the one in the first that its next pair has. */
function endsOf(found: ReadonlyMap<number, number>, length: number, last: number): readonly number[] {
  const ends: number[] = new Array(length).fill(last);
  for (let to = length - 1; to >= 0; to -= 1) ends[to] = found.get(to) ?? ends[to + 1] ?? last;
  return ends;
}

/** What tells a step from others, as numbers: of two plans of thousands of partitions, all are compared with all. */
interface Shape {
  readonly family: number;
  readonly does: number;
  readonly on: number;
  /** What it works on, whatever the statement calls it; 0 where that is nothing. */
  readonly relation: number;
  readonly subplan: number;
  readonly depth: number;
}
type Shapes = readonly Shape[];

function shapeOf(node: PlanNode, known: Map<string, number>): Shape {
  const number = (text: string) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    known.set(text, known.size + 1);
    return known.size;
  };
  const name =
    ["Relation Name", "CTE Name", "Function Name", "Table Function Name", "Tuplestore Name"]
      .map((property) => textOf(node.raw, property))
      .find((text) => text !== "") ?? "";
  return {
    family: number(familyOf(textOf(node.raw, "Node Type"))),
    does: number(node.does),
    on: number(node.on),
    relation: name === "" ? 0 : number(`${textOf(node.raw, "Schema")}.${name}`),
    subplan: number(node.subplan),
    depth: node.depth,
  };
}

/** Kinds of which the planner takes one or the other for the same work. */
const families: readonly (readonly [string, RegExp])[] = [
  ["join", /^(?:Nested Loop|Hash Join|Merge Join)$/],
  ["scan", /^(?:Seq|Index|Index Only|Bitmap Heap|Sample|Tid|Tid Range) Scan$/],
  ["group", /^(?:Aggregate|Group|Unique)$/],
  ["sort", /^(?:Sort|Incremental Sort)$/],
  ["gather", /^Gather(?: Merge)?$/],
  ["append", /^(?:Merge )?Append$/],
];

function familyOf(type: string): string {
  return families.find(([, form]) => form.test(type))?.[0] ?? type;
}

/** Of two steps that nothing tells apart. */
const alike = 10;

/** How well two steps go together; 0 where one does not stand for the other. */
function likeness(a: Shape | undefined, b: Shape | undefined): number {
  if (a === undefined || b === undefined || a.family !== b.family || a.relation !== b.relation) return 0;
  const place = (a.depth === b.depth ? 1 : 0) + (a.subplan === b.subplan ? 1 : 0);
  if (a.on !== b.on) return 3 + place;
  return (a.does === b.does ? 8 : 5) + place;
}

/** More would be felt; the greatest sum that they may have is less than what a cell holds. */
const mostCells = 16_000_000;

/** The pairs, none crossing another, that go together best (Needleman and Wunsch, 1970): by their places. */
function aligned(a: Shapes, b: Shapes): ReadonlyMap<number, number> {
  const width = b.length + 1;
  const best = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => best[i * width + j] ?? 0;
  for (let i = 1; i <= a.length; i += 1)
    for (let j = 1; j <= b.length; j += 1) {
      const fit = likeness(a[i - 1], b[j - 1]);
      const paired = fit === 0 ? 0 : at(i - 1, j - 1) + fit;
      best[i * width + j] = Math.max(paired, at(i - 1, j), at(i, j - 1));
    }
  const pairs = new Map<number, number>();
  let [i, j] = [a.length, b.length];
  while (i > 0 && j > 0) {
    const fit = likeness(a[i - 1], b[j - 1]);
    if (fit > 0 && at(i, j) === at(i - 1, j - 1) + fit) {
      i -= 1;
      j -= 1;
      pairs.set(j, i);
    } else if (at(i, j) === at(i, j - 1)) j -= 1;
    else i -= 1;
  }
  return pairs;
}

/** How far ahead the counterpart of a step is looked for where there are too many to compare all with all. */
const reach = 200;

/** Pairs where there are too many steps: each with the next that may stand for it. */
function nearest(a: Shapes, b: Shapes): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  let next = 0;
  b.forEach((shape, to) => {
    for (let from = next; from < Math.min(a.length, next + reach); from += 1)
      if (likeness(a[from], shape) > 0) {
        pairs.set(to, from);
        next = from + 1;
        return;
      }
  });
  return pairs;
}

/** Of what has no pair yet, what works on the same, by the same name: another order of a join. */
function movedOf(a: Shapes, b: Shapes, found: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const taken = new Set(found.values());
  const free = new Map<string, number[]>();
  a.forEach((shape, from) => {
    if (shape.relation === 0 || taken.has(from)) return;
    free.set(workOf(shape), [...(free.get(workOf(shape)) ?? []), from]);
  });
  const pairs = new Map<number, number>();
  b.forEach((shape, to) => {
    if (found.has(to)) return;
    const those = free.get(workOf(shape)) ?? [];
    const same = those.findIndex((from) => a[from]?.does === shape.does);
    const [one] = those.splice(Math.max(0, same), 1);
    if (one !== undefined) pairs.set(to, one);
  });
  return pairs;
}

function workOf({ family, relation, on }: Shape): string {
  return `${family} ${relation} ${on}`;
}
