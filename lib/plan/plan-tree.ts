import { hotPath } from "./hot-path.ts";
import { nodeName } from "./node-name.ts";
import { numberOf, partOf, partsOf, type RawNode, readPlanJson, textOf } from "./plan-json.ts";
import type { Buffers, Draft, PlanNode, PlanTree, Side } from "./plan-node.ts";
import { selfOf, usersOf } from "./self-of.ts";

/**
 * Makes a tree of what EXPLAIN has written, with what it leaves to the reader: EXPLAIN tells times and rows of the mean
 * run and with all that is beneath a node; here they are of all runs, and a node's own.
 * @returns undefined for what is no plan
 */
export function planTree(json: string): PlanTree | undefined {
  const read = readPlanJson(json);
  if (read === undefined) return undefined;
  const { top, whole } = read;
  const drafts: Draft[] = [];
  take(top, { parent: null, depth: 0, side: alone }, drafts);
  const measured = drafts.some(({ loops }) => loops !== null);
  const planningMs = numberOf(whole, "Planning Time") ?? null;
  const executionMs = numberOf(whole, "Execution Time") ?? null;
  const users = usersOf(drafts);
  const msOf = ({ totalMs }: Draft) => totalMs ?? 0;
  const times = measured ? selfOf(drafts, users, msOf, executionMs ?? drafts[0]?.totalMs ?? 0) : undefined;
  const costs = selfOf(drafts, users, ({ cost }) => cost, drafts[0]?.cost ?? 0);
  const pages = buffersOf(drafts, users);
  const weights = times ?? costs;
  const hot = hotPath(drafts, weights);
  const nodes = drafts.map((draft, id): PlanNode => {
    const { loops, side, expected, ...rest } = draft;
    const rows = rowsOf(draft);
    return {
      ...rest,
      id,
      loops,
      expected,
      processes: side.processes,
      selfMs: times?.[id] ?? null,
      selfCost: costs[id] ?? 0,
      rows,
      factor: factorOf(draft, rows),
      buffers: pages[id] ?? null,
      hot: hot.has(id),
    };
  });
  const jit = partOf(whole, "JIT");
  const serialization = partOf(whole, "Serialization");
  return {
    nodes,
    measured,
    planningMs,
    executionMs,
    whole: measured ? Math.max(executionMs ?? 0, nodes[0]?.totalMs ?? 0) : (nodes[0]?.cost ?? 0),
    triggers: partsOf(whole, "Triggers").map((trigger) => ({
      name: textOf(trigger, "Constraint Name") || textOf(trigger, "Trigger Name"),
      ms: numberOf(trigger, "Time") ?? 0,
      calls: numberOf(trigger, "Calls") ?? 0,
    })),
    jit: jit === undefined ? null : { ms: jitMs(jit), functions: numberOf(jit, "Functions") ?? 0 },
    serialization:
      serialization === undefined
        ? null
        : {
            ms: numberOf(serialization, "Time") ?? 0,
            kilobytes: numberOf(serialization, "Output Volume") ?? 0,
          },
    settings: Object.entries(partOf(whole, "Settings") ?? {}).map(([name, value]) => [name, String(value)]),
  };
}

const alone: Side = { processes: 1, divisor: 1, runs: 1 };
/** No statement is nested so deeply; who sends more is not followed. */
const deepest = 500;

interface From {
  readonly parent: number | null;
  readonly depth: number;
  readonly side: Side;
}

function take(raw: RawNode, { parent, depth, side }: From, into: Draft[]): number {
  const id = into.length;
  const loops = numberOf(raw, "Actual Loops") ?? null;
  const ms = numberOf(raw, "Actual Total Time");
  const below = partsOf(raw, "Plans");
  const planned = numberOf(raw, "Workers Planned");
  const launched = numberOf(raw, "Workers Launched") ?? null;
  const times = isShared(raw, depth) ? side.divisor * side.runs : (loops ?? 1);
  const children: number[] = [];
  into.push({
    parent,
    depth,
    children,
    ...nodeName(raw),
    subplan: textOf(raw, "Subplan Name"),
    raw,
    loops,
    totalMs: ms === undefined || loops === null ? null : (ms * loops) / side.processes,
    cost: numberOf(raw, "Total Cost") ?? 0,
    expected: Math.round((numberOf(raw, "Plan Rows") ?? 0) * times),
    dropped: droppedOf(raw, loops),
    workers: planned === undefined ? null : { planned, launched },
    side,
  });
  const inner = planned === undefined ? side : sideOf(planned, loops, below);
  for (const one of depth < deepest ? below : []) {
    // What a plan needs beforehand runs where that is asked for, not in each process.
    const isBefore = textOf(one, "Parent Relationship") === "InitPlan";
    children.push(take(one, { parent: id, depth: depth + 1, side: isBefore ? side : inner }, into));
  }
  return id;
}

/** Beneath a Gather, each process runs the node once where the leader alone runs the Gather. */
function sideOf(planned: number, loops: number | null, below: readonly RawNode[]): Side {
  const outer = below.find((node) => textOf(node, "Parent Relationship") === "Outer");
  const runs = outer === undefined ? undefined : numberOf(outer, "Actual Loops");
  const processes = loops === null || loops === 0 || !runs ? 1 : Math.max(1, runs / loops);
  // The leader's own share, as get_parallel_divisor has it.
  return { processes, divisor: planned + Math.max(0, 1 - 0.3 * planned), runs: loops ?? 1 };
}

/** Whether the processes share its rows among them, as all above what is aware of them do. */
function isShared(raw: RawNode, depth: number): boolean {
  if (/^Gather/.test(textOf(raw, "Node Type")) || depth > deepest) return false;
  if (raw["Parallel Aware"] === true) return true;
  const known = shared.get(raw);
  if (known !== undefined) return known;
  const found = partsOf(raw, "Plans").some(
    (below) =>
      /^(Outer|Member|Subquery)$/.test(textOf(below, "Parent Relationship")) && isShared(below, depth + 1),
  );
  shared.set(raw, found);
  return found;
}

/** As long as the plan is there: each node asks all beneath it. */
const shared = new WeakMap<RawNode, boolean>();

function rowsOf({ raw, loops }: Draft): number | null {
  const rows = numberOf(raw, "Actual Rows");
  return rows === undefined || loops === null ? null : Math.round(rows * loops);
}

/** The planner expects no less than one row a run; that none came is no mistake of its. */
function factorOf({ loops, side, expected, raw }: Draft, rows: number | null): number | null {
  if (rows === null || loops === null || loops === 0 || textOf(raw, "Node Type") === "ModifyTable")
    return null;
  // A bitmap is no rows: what its index scans say of them is a guess after the fact.
  if (/^Bitmap(And|Or)$/.test(textOf(raw, "Node Type"))) return null;
  const runs = Math.max(1, loops / side.processes);
  return Math.max(rows, runs) / Math.max(expected, runs);
}

function droppedOf(raw: RawNode, loops: number | null): number | null {
  const found = ["Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck"]
    .map((name) => numberOf(raw, name))
    .filter((rows) => rows !== undefined);
  if (found.length === 0 || loops === null) return null;
  return Math.round(found.reduce((sum, rows) => sum + rows, 0) * loops);
}

const pageKinds: Readonly<Record<keyof Buffers, readonly string[]>> = {
  hit: ["Shared Hit Blocks", "Local Hit Blocks"],
  read: ["Shared Read Blocks", "Local Read Blocks"],
  dirtied: ["Shared Dirtied Blocks", "Local Dirtied Blocks"],
  written: ["Shared Written Blocks", "Local Written Blocks"],
  tempRead: ["Temp Read Blocks"],
  tempWritten: ["Temp Written Blocks"],
};

/** Unlike times and rows, pages are told of all runs and processes together. */
function buffersOf(
  drafts: readonly Draft[],
  users: readonly (readonly number[])[],
): readonly (Buffers | undefined)[] {
  const [top] = drafts;
  if (top === undefined || numberOf(top.raw, "Shared Hit Blocks") === undefined) return [];
  const kinds = Object.entries(pageKinds).map(([kind, names]) => {
    const all = ({ raw }: Draft) => names.reduce((sum, name) => sum + (numberOf(raw, name) ?? 0), 0);
    return [kind, selfOf(drafts, users, all, Number.POSITIVE_INFINITY)] as const;
  });
  return drafts.map(
    (_, id) => Object.fromEntries(kinds.map(([kind, own]) => [kind, own[id] ?? 0])) as unknown as Buffers,
  );
}

function jitMs(jit: RawNode): number | null {
  const timing = partOf(jit, "Timing");
  return timing === undefined ? null : (numberOf(timing, "Total") ?? null);
}
