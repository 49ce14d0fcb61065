import type { RawNode } from "./plan-json.ts";

/** Pages of a table, an index or a temporary file, each of the server's `block_size`. */
export interface Buffers {
  readonly hit: number;
  readonly read: number;
  readonly dirtied: number;
  readonly written: number;
  readonly tempRead: number;
  readonly tempWritten: number;
}

/** One step of a plan. What was not measured is null. */
export interface PlanNode {
  /** Its place from the top, from 0. */
  readonly id: number;
  readonly parent: number | null;
  readonly depth: number;
  readonly children: readonly number[];
  readonly does: string;
  readonly on: string;
  /** `InitPlan 1`, `SubPlan 2`, `CTE c`; empty elsewhere. */
  readonly subplan: string;
  readonly raw: RawNode;
  /** How often it ran, in all processes together; 0 where it never did. */
  readonly loops: number | null;
  /** How many processes ran it side by side. */
  readonly processes: number;
  /** How long it and all beneath it took, all its runs together, ms: of processes side by side, their mean. */
  readonly totalMs: number | null;
  /** The same without what is beneath it. */
  readonly selfMs: number | null;
  /** The planner's units, in all and without what is beneath it. */
  readonly cost: number;
  readonly selfCost: number;
  /** Rows that it gives in all its runs and processes: as expected, and in truth. */
  readonly expected: number;
  readonly rows: number | null;
  /** How many times more rows came than were expected; below 1 where fewer came. */
  readonly factor: number | null;
  /** Rows that it read and threw away, in all. */
  readonly dropped: number | null;
  /** Without what is beneath it; null where it was not told. */
  readonly buffers: Buffers | null;
  readonly workers: { readonly planned: number; readonly launched: number | null } | null;
  /** On the way from the top to the step that takes longest. */
  readonly hot: boolean;
}

export interface PlanTree {
  /** From top to bottom, as EXPLAIN writes them. */
  readonly nodes: readonly PlanNode[];
  /** It was run, and its times are real. */
  readonly measured: boolean;
  readonly planningMs: number | null;
  readonly executionMs: number | null;
  /** What the bars are parts of: the time of all, or its cost. */
  readonly whole: number;
  readonly triggers: readonly { readonly name: string; readonly ms: number; readonly calls: number }[];
  readonly jit: { readonly ms: number | null; readonly functions: number } | null;
  readonly serialization: { readonly ms: number; readonly kilobytes: number } | null;
  readonly settings: readonly (readonly [string, string])[];
}

/** Whether several processes run a part of a plan, and what the planner took for their number. */
export interface Side {
  /** That ran it, as its loops tell. */
  readonly processes: number;
  /** By which the planner divides the rows of what they share; and how often they are called together. */
  readonly divisor: number;
  readonly runs: number;
}

/** A node as it is read, before its own part is told from what is beneath it. */
export interface Draft
  extends Omit<
    PlanNode,
    "id" | "selfMs" | "selfCost" | "rows" | "factor" | "buffers" | "processes" | "hot" | "children"
  > {
  readonly children: number[];
  readonly side: Side;
}
