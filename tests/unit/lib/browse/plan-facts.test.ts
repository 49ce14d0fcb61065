import { expect, test } from "vitest";
import { planFacts } from "#lib/browse/plan-facts.ts";

interface Plan {
  readonly type: string;
  readonly cost: readonly [number, number];
  readonly rows: number;
  readonly filter?: string;
  readonly of?: readonly Plan[];
}

const json = ({ type, cost, rows, filter, of }: Plan): object => ({
  "Node Type": type,
  "Startup Cost": cost[0],
  "Total Cost": cost[1],
  "Plan Rows": rows,
  "Plan Width": 8,
  ...(filter === undefined ? {} : { Filter: filter }),
  ...(of === undefined ? {} : { Plans: of.map(json) }),
});
const read = (plan: Plan) => planFacts(JSON.stringify([{ Plan: json(plan) }]));

test.each<readonly [string, Plan, number]>([
  [
    "a page by its key",
    {
      type: "Limit",
      cost: [0.4, 4.3],
      rows: 101,
      of: [{ type: "Index Scan", cost: [0.4, 38_000.4], rows: 1_000_000 }],
    },
    103,
  ],
  [
    "a sort without an index",
    {
      type: "Limit",
      cost: [55_000, 55_000.25],
      rows: 101,
      of: [
        {
          type: "Sort",
          cost: [55_000, 57_500],
          rows: 1_000_000,
          of: [{ type: "Seq Scan", cost: [0, 17_000], rows: 1_000_000 }],
        },
      ],
    },
    1_000_000,
  ],
  [
    "a filter that finds little",
    {
      type: "Limit",
      cost: [0, 225_000],
      rows: 3,
      of: [{ type: "Seq Scan", cost: [0, 225_000], rows: 3, filter: "(note = 'x')" }],
    },
    10_000_000,
  ],
  [
    "a filter that finds much",
    {
      type: "Limit",
      cost: [0, 45],
      rows: 101,
      of: [{ type: "Seq Scan", cost: [0, 225_000], rows: 5_000_000, filter: "(note <> 'x')" }],
    },
    2_000,
  ],
])("%s", (_, plan, expected) => {
  const found = read(plan)?.read ?? 0;
  expect(found / expected).toBeGreaterThan(0.9);
  expect(found / expected).toBeLessThan(1.1);
});

test.each(["", "null", "{}", "[]", '[{"Plan": {}}]', "Limit  (cost=0.00)"])("%j is no plan", (text) => {
  expect(planFacts(text)).toBeNull();
});
