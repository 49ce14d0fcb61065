import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findings } from "#lib/plan/findings.ts";
import { planText } from "#lib/plan/plan-text.ts";
import { planTree } from "#lib/plan/plan-tree.ts";

interface Node {
  readonly [property: string]: unknown;
}

/** A node as the server writes one that was run. */
function node(type: string, ms: number, rows: number, more: Node = {}, ...plans: readonly Node[]): Node {
  return {
    "Node Type": type,
    "Parent Relationship": "Outer",
    "Startup Cost": 0,
    "Total Cost": 10,
    "Plan Rows": rows,
    "Plan Width": 4,
    "Actual Startup Time": 0,
    "Actual Total Time": ms,
    "Actual Rows": rows,
    "Actual Loops": 1,
    ...more,
    ...(plans.length > 0 && { Plans: plans }),
  };
}

const written = (top: Node, whole: Node = {}) => JSON.stringify([{ Plan: top, ...whole }]);
function tree(top: Node, whole?: Node) {
  const read = planTree(written(top, whole));
  if (read === undefined) throw new Error("no plan");
  return read;
}
const selves = (top: Node, whole?: Node) => tree(top, whole).nodes.map(({ selfMs }) => selfMs);
const codes = (top: Node, whole?: Node) => findings(tree(top, whole)).map(({ code }) => code);

describe("a node's own time", () => {
  test("is what it took without what is beneath it, of all its runs", () => {
    const inner = node("Index Scan", 0.01, 1, { "Parent Relationship": "Inner", "Actual Loops": 1000 });
    expect(selves(node("Nested Loop", 15, 1000, {}, node("Seq Scan", 2, 1000), inner))).toEqual([3, 2, 10]);
  });

  test("of processes side by side is their mean; their rows are all of them", () => {
    const scan = node("Seq Scan", 30, 100, { "Parallel Aware": true, "Actual Loops": 3, "Plan Rows": 125 });
    const found = tree(node("Gather", 40, 300, { "Workers Planned": 2, "Workers Launched": 2 }, scan)).nodes;
    expect(found.map(({ selfMs }) => selfMs)).toEqual([10, 30]);
    expect(found[1]).toMatchObject({ processes: 3, rows: 300, expected: 300, factor: 1 });
  });

  test("of a shared scan that one process did alone is expected as a whole all the same", () => {
    const scan = node("Seq Scan", 30, 300, { "Parallel Aware": true, "Actual Loops": 1, "Plan Rows": 125 });
    const hash = node("Hash", 31, 100, { "Parallel Aware": true, "Actual Loops": 3 }, scan);
    const gather = node("Gather", 40, 300, { "Workers Planned": 2, "Workers Launched": 2 }, hash);
    expect(tree(gather).nodes[2]).toMatchObject({ rows: 300, expected: 300 });
  });

  test("of an InitPlan is counted where its value is asked for, and once", () => {
    for (const [name, asked] of [
      ["InitPlan 1", "(a > (InitPlan 1).col1)"],
      ["InitPlan 1 (returns $0)", "(a > $0)"],
    ] as const) {
      const init = node("Aggregate", 6, 1, { "Parent Relationship": "InitPlan", "Subplan Name": name });
      const scan = node("Seq Scan", 9, 5, { Filter: asked });
      expect(selves(node("Sort", 10, 5, {}, init, scan))).toEqual([1, 6, 3]);
    }
  });

  test("of another parameter is not taken for it", () => {
    const init = node("Aggregate", 6, 1, {
      "Parent Relationship": "InitPlan",
      "Subplan Name": "InitPlan 1 (returns $1)",
    });
    expect(selves(node("Sort", 10, 5, {}, init, node("Seq Scan", 3, 5, { Filter: "(a > $11)" })))).toEqual([
      1, 6, 3,
    ]);
  });

  test("of a CTE is counted by those who scan it, and once", () => {
    const cte = node("Seq Scan", 6, 5, { "Parent Relationship": "InitPlan", "Subplan Name": "CTE c" });
    const scan = (ms: number, relation: string) =>
      node("CTE Scan", ms, 5, { "CTE Name": "c", Alias: "c", "Parent Relationship": relation });
    expect(selves(node("Nested Loop", 10, 5, {}, cte, scan(7, "Outer"), scan(1, "Inner")))).toEqual([
      2, 6, 1, 1,
    ]);
  });

  test("of a CTE that writes and that nobody scans stands beside the rest", () => {
    const cte = node("ModifyTable", 6, 0, { "Parent Relationship": "InitPlan", "Subplan Name": "CTE gone" });
    expect(selves(node("Result", 1, 1, {}, cte), { "Execution Time": 8 })).toEqual([1, 6]);
  });

  test("of what never ran is none", () => {
    const never = node("Seq Scan", 0, 0, { "Actual Loops": 0, "Plan Rows": 5000 });
    const found = tree(node("Hash Join", 3, 0, {}, node("Seq Scan", 2, 0), never)).nodes[2];
    expect(found).toMatchObject({ selfMs: 0, rows: 0, factor: null, loops: 0 });
  });

  test("all own times together are never more than the whole, whatever the tree", () => {
    const times = fc.double({ min: 0, max: 1000, noNaN: true });
    const relations = fc.constantFrom("Outer", "Inner", "InitPlan", "SubPlan", "Member", "Subquery");
    const above = (below: fc.Arbitrary<readonly Node[]>) =>
      fc
        .record({
          type: fc.constantFrom("Seq Scan", "Gather", "CTE Scan", "Nested Loop", "Hash", "Limit"),
          ms: times,
          loops: fc.integer({ min: 0, max: 50 }),
          rows: fc.integer({ min: 0, max: 9 }),
          relation: relations,
          subplan: fc.constantFrom("CTE a", "CTE b", "InitPlan 1", "InitPlan 2 (returns $0)", ""),
          asks: fc.constantFrom("(InitPlan 1).col1", "$0", ""),
          workers: fc.constantFrom(undefined, 2),
          shared: fc.boolean(),
          plans: below,
        })
        .map(({ type, ms, loops, rows, relation, subplan, asks, workers, shared, plans }) =>
          node(
            type,
            ms,
            rows,
            {
              "Actual Loops": loops,
              "Parent Relationship": relation,
              "Subplan Name": subplan,
              "CTE Name": "a",
              Filter: asks,
              "Parallel Aware": shared,
              ...(workers !== undefined && { "Workers Planned": workers, "Workers Launched": workers }),
              "Shared Hit Blocks": rows,
            },
            ...plans,
          ),
        );
    let plan = above(fc.constant([]));
    for (let depth = 0; depth < 3; depth += 1) plan = above(fc.array(plan, { maxLength: 3 }));
    fc.assert(
      fc.property(plan, times, (top, execution) => {
        const read = tree(top, { "Execution Time": execution });
        const sum = read.nodes.reduce((before, { selfMs }) => before + (selfMs ?? 0), 0);
        expect(sum).toBeLessThanOrEqual(execution + 1e-6);
        for (const { selfMs, selfCost, buffers } of read.nodes) {
          expect(selfMs).toBeGreaterThanOrEqual(0);
          expect(selfCost).toBeGreaterThanOrEqual(0);
          expect(buffers?.hit ?? 0).toBeGreaterThanOrEqual(0);
        }
        expect(findings(read).every(({ node: id }) => id === null || read.nodes[id] !== undefined)).toBe(
          true,
        );
      }),
    );
  });
});

describe("a plan that was not run", () => {
  const plain = { "Node Type": "Sort", "Total Cost": 30, "Plan Rows": 10 };
  const scan = {
    "Node Type": "Seq Scan",
    "Relation Name": "t",
    Alias: "t",
    "Total Cost": 25,
    "Plan Rows": 10,
  };

  test("has costs, expectations, and nothing to look at", () => {
    const read = tree({ ...plain, Plans: [scan] });
    expect(read).toMatchObject({ measured: false, whole: 30, executionMs: null });
    expect(read.nodes.map(({ selfCost, selfMs, rows, hot }) => [selfCost, selfMs, rows, hot])).toEqual([
      [5, null, null, true],
      [25, null, null, true],
    ]);
    expect(findings(read)).toEqual([]);
  });
});

describe("what is no plan", () => {
  test.each(["", "{", "null", "7", "[]", "[{}]", '[{"Plan": 7}]', '[{"Plan": {}}]', '{"a": [{"Plan": 1}]}'])(
    "%s",
    (json) => {
      expect(planTree(json)).toBeUndefined();
      expect(planText(json)).toBe(json);
    },
  );

  test("one without end is followed no further than statements are nested", () => {
    const open = '{"Node Type": "Limit", "Parent Relationship": "Outer", "Plans": [';
    const json = `[{"Plan": ${open.repeat(20_000)}${"]}".repeat(20_000)}}]`;
    expect(planTree(json)?.nodes.length).toBeLessThan(600);
    expect(planText(json).split("\n").length).toBeLessThan(1300);
  });
});

describe("names", () => {
  test.each([
    [{ "Node Type": "Hash Join", "Join Type": "Left" }, "Hash Left Join", ""],
    [{ "Node Type": "Nested Loop", "Join Type": "Anti" }, "Nested Loop Anti Join", ""],
    [
      { "Node Type": "Aggregate", Strategy: "Hashed", "Partial Mode": "Partial" },
      "Partial HashAggregate",
      "",
    ],
    [{ "Node Type": "ModifyTable", Operation: "Update", "Relation Name": "t", Alias: "t" }, "Update", "t"],
    [{ "Node Type": "SetOp", Strategy: "Hashed", Command: "Except" }, "HashSetOp Except", ""],
    [
      {
        "Node Type": "Index Scan",
        "Scan Direction": "Backward",
        "Index Name": "i",
        "Relation Name": "t",
        Schema: "s",
        Alias: "x",
      },
      "Index Scan Backward using i",
      "s.t x",
    ],
    [{ "Node Type": "Bitmap Index Scan", "Index Name": "i" }, "Bitmap Index Scan", "i"],
    [
      { "Node Type": "Seq Scan", "Parallel Aware": true, "Relation Name": "t", Alias: "t" },
      "Parallel Seq Scan",
      "t",
    ],
    [{ "Node Type": "Subquery Scan", Alias: "s" }, "Subquery Scan", "s"],
  ])("%j", (raw, does, on) => {
    expect(tree(raw).nodes[0]).toMatchObject({ does, on });
  });
});

describe("what to look at", () => {
  const scan = (more: Node) => node("Seq Scan", 50, 10, more);

  test.each<[string, Node, Node?]>([
    ["filter-loss", scan({ "Rows Removed by Filter": 99_000 })],
    ["index-filter-loss", node("Index Scan", 50, 10, { "Rows Removed by Filter": 99_000 })],
    ["join-filter-loss", node("Nested Loop", 50, 10, { "Rows Removed by Join Filter": 99_000 })],
    ["expected-less", scan({ "Actual Rows": 5000, "Plan Rows": 400 })],
    ["expected-more", scan({ "Actual Rows": 40, "Plan Rows": 5000 })],
    ["sort-spilled", node("Sort", 50, 10, { "Sort Space Type": "Disk", "Sort Space Used": 900 })],
    ["hash-spilled", node("Hash", 50, 10, { "Hash Batches": 8 })],
    ["aggregate-spilled", node("Aggregate", 50, 10, { "Disk Usage": 900, "HashAgg Batches": 5 })],
    ["rows-spilled", node("Materialize", 50, 10, { "Shared Hit Blocks": 1, "Temp Written Blocks": 90 })],
    ["lossy-bitmap", node("Bitmap Heap Scan", 50, 10, { "Lossy Heap Blocks": 90 })],
    ["heap-fetches", node("Index Only Scan", 50, 9000, { "Heap Fetches": 8000 })],
    ["workers-missing", node("Gather", 50, 10, { "Workers Planned": 2, "Workers Launched": 1 })],
    ["jit", scan({}), { JIT: { Functions: 3, Timing: { Total: 30 } }, "Execution Time": 52 }],
    ["planning", scan({ "Actual Total Time": 1 }), { "Planning Time": 30, "Execution Time": 1.2 }],
    [
      "trigger",
      node("ModifyTable", 2, 0),
      { Triggers: [{ "Trigger Name": "t", Time: 60, Calls: 9 }], "Execution Time": 62 },
    ],
    [
      "inner-repeated",
      node(
        "Nested Loop",
        90,
        10,
        {},
        node("Seq Scan", 1, 10),
        node("Seq Scan", 0.05, 1, { "Parent Relationship": "Inner", "Actual Loops": 1600 }),
      ),
    ],
    [
      "subplan-repeated",
      node(
        "Seq Scan",
        90,
        10,
        {},
        node("Result", 0.05, 1, {
          "Parent Relationship": "SubPlan",
          "Subplan Name": "SubPlan 1",
          "Actual Loops": 1600,
        }),
      ),
    ],
  ])("%s", (code, top, whole) => {
    expect(codes(top, whole)).toEqual([code]);
  });

  test.each<[string, Node]>([
    ["few rows thrown away", scan({ "Rows Removed by Filter": 90 })],
    [
      "few of many thrown away",
      scan({ "Actual Rows": 90_000, "Plan Rows": 90_000, "Rows Removed by Filter": 9000 }),
    ],
    ["no time at all", node("Seq Scan", 0.2, 10, { "Rows Removed by Filter": 99_000 })],
    ["a little off", scan({ "Actual Rows": 5000, "Plan Rows": 600 })],
    ["off, among a handful", scan({ "Actual Rows": 60, "Plan Rows": 1 })],
    ["ended early by a limit", node("Limit", 50, 5, {}, scan({ "Actual Rows": 5, "Plan Rows": 90_000 }))],
    [
      "begun and not needed",
      node("Hash Join", 50, 0, {}, scan({ "Actual Rows": 1, "Plan Rows": 90_000 }), node("Hash", 1, 0)),
    ],
    ["in memory", node("Sort", 50, 10, { "Sort Space Type": "Memory", "Sort Space Used": 900 })],
    ["never run", scan({ "Actual Loops": 0, "Rows Removed by Filter": 99_000, "Lossy Heap Blocks": 9 })],
  ])("nothing where it is %s", (_, top) => {
    expect(codes(top)).toEqual([]);
  });

  test("a wrong expectation is told where it begins, not at each step above it", () => {
    const off = { "Actual Rows": 5000, "Plan Rows": 5 };
    const found = findings(tree(node("Sort", 9, 5000, off, node("Hash Join", 8, 5000, off, scan(off)))));
    expect(found.map(({ code, node: id }) => [code, id])).toEqual([["expected-less", 2]]);
  });

  test("below a sort, a limit ends nothing early", () => {
    const few = scan({ "Actual Rows": 5, "Plan Rows": 90_000 });
    const top = node("Limit", 50, 5, {}, node("Sort", 50, 5, { "Plan Rows": 90_000 }, few));
    expect(codes(top)).toEqual(["expected-more"]);
  });
});

describe("the text form", () => {
  test("is EXPLAIN's own, but for the order of a few words", () => {
    const top = node(
      "Sort",
      2.5,
      3,
      { "Sort Key": ["a", "b"], "Sort Method": "quicksort", "Temp Read Blocks": 0 },
      node("Seq Scan", 1, 3, { "Relation Name": "t", Schema: "public", Alias: "x", Filter: "(a > 1)" }),
    );
    expect(planText(written(top, { "Planning Time": 0.5, "Execution Time": 3 })).split("\n")).toEqual([
      "Sort  (cost=0.00..10.00 rows=3 width=4) (actual time=0.000..2.500 rows=3 loops=1)",
      "  Sort Key: a, b",
      "  Sort Method: quicksort",
      "  ->  Seq Scan on public.t x  (cost=0.00..10.00 rows=3 width=4) (actual time=0.000..1.000 rows=3 loops=1)",
      "        Filter: (a > 1)",
      "Planning Time: 0.500 ms",
      "Execution Time: 3.000 ms",
    ]);
  });
});
