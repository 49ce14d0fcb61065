import { z } from "zod";

/** What a plan says beforehand. */
export interface PlanFacts {
  /** Rows that come out of it. */
  readonly rows: number;
  /** Rows that it reads, as far as its costs tell. */
  readonly read: number;
  /** It sorts them, since no index has them in their order. */
  readonly sorts: boolean;
}

/**
 * Reads `EXPLAIN (FORMAT JSON)` (https://www.postgresql.org/docs/18/using-explain.html). Rows that a scan reads are not
 * in it where a filter drops some: those are told from its cost, by what a row of a narrow table costs.
 *
 * A node above a scan may not need all of it: a limit ends it early, by the share of the costs; one that begins only
 * when what is beneath it has ended, a sort, a hash, an aggregate, needs the whole.
 * @returns null for what is no plan
 */
export function planFacts(json: string): PlanFacts | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  const parsed = explained.safeParse(value);
  if (!parsed.success) return null;
  const [{ Plan: top }] = parsed.data;
  return { rows: top["Plan Rows"], read: Math.round(readBy(top, 1)), sorts: sorts(top) };
}

interface Node {
  readonly "Node Type": string;
  readonly "Startup Cost": number;
  readonly "Total Cost": number;
  readonly "Plan Rows": number;
  readonly Filter?: string | undefined;
  readonly Plans?: readonly Node[] | undefined;
}

const node: z.ZodType<Node> = z.object({
  "Node Type": z.string(),
  "Startup Cost": z.number(),
  "Total Cost": z.number(),
  "Plan Rows": z.number(),
  Filter: z.string().optional(),
  get Plans() {
    return z.array(node).optional();
  },
});

const explained = z.tuple([z.object({ Plan: node })]);

function sorts({ "Node Type": type, Plans = [] }: Node): boolean {
  return type === "Sort" || Plans.some(sorts);
}

/** cpu_tuple_cost, one comparison, and the hundredth part of a page: rows of some 80 bytes. */
const rowCost = 0.0225;

function readBy(plan: Node, share: number): number {
  const inner = plan.Plans ?? [];
  if (inner.length === 0) {
    const own = plan["Total Cost"] - plan["Startup Cost"];
    return (
      share * (plan.Filter === undefined ? plan["Plan Rows"] : Math.max(plan["Plan Rows"], own / rowCost))
    );
  }
  return inner
    .map((below) => readBy(below, shareOf(plan, below, share)))
    .reduce((sum, rows) => sum + rows, 0);
}

function shareOf(plan: Node, below: Node, share: number): number {
  if (plan["Startup Cost"] >= below["Total Cost"]) return 1;
  if (plan["Node Type"] !== "Limit") return share;
  const whole = below["Total Cost"] - below["Startup Cost"];
  if (whole <= 0) return share;
  return share * Math.min(1, Math.max(0, (plan["Total Cost"] - below["Startup Cost"]) / whole));
}
