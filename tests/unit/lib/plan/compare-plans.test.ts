import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ComparedNode, comparePlans } from "#lib/plan/compare-plans.ts";
import type { PlanTree } from "#lib/plan/plan-node.ts";
import { planTree } from "#lib/plan/plan-tree.ts";

interface Raw {
  readonly [property: string]: unknown;
}

const step = (type: string, more: Raw = {}, ...plans: readonly Raw[]): Raw => ({
  "Node Type": type,
  "Parent Relationship": "Outer",
  "Total Cost": 10,
  "Plan Rows": 1,
  ...more,
  ...(plans.length > 0 && { Plans: plans }),
});
const on = (relation: string, more: Raw = {}) => ({ "Relation Name": relation, Alias: relation, ...more });
const seq = (relation: string, more?: Raw) => step("Seq Scan", on(relation, more));
const index = (relation: string, name = `${relation}_pkey`, more?: Raw) =>
  step("Index Scan", on(relation, { "Index Name": name, ...more }));
const ran = (ms: number, rows: number, more: Raw = {}) => ({
  "Actual Total Time": ms,
  "Actual Rows": rows,
  "Actual Loops": 1,
  ...more,
});

function tree(top: Raw, whole: Raw = {}): PlanTree {
  const read = planTree(JSON.stringify([{ Plan: top, ...whole }]));
  if (read === undefined) throw new Error("no plan");
  return read;
}

const named = ({ kind, moved, before, after }: ComparedNode): string => {
  const name = (node: ComparedNode["before"]) => `${node?.does}${node?.on ? ` on ${node.on}` : ""}`;
  const what =
    kind === "changed" || (kind === "same" && moved)
      ? `${name(before)} → ${name(after)}`
      : name(after ?? before);
  return `${kind}${moved ? ", moved" : ""}: ${what}`;
};
const lines = (before: Raw, after: Raw) => comparePlans(tree(before), tree(after)).nodes.map(named);

describe("a step and what stands for it in the other plan", () => {
  const customers = (kind: string) => step(kind, {}, seq("a"), step("Hash", {}, seq("b")));
  test.each<readonly [string, Raw, Raw, readonly string[]]>([
    ["the same plan", seq("a"), seq("a"), ["same: Seq Scan on a"]],
    [
      "another way to the same table",
      seq("a"),
      index("a"),
      ["changed: Seq Scan on a → Index Scan using a_pkey on a"],
    ],
    [
      "another index",
      index("a", "one"),
      index("a", "two"),
      ["changed: Index Scan using one on a → Index Scan using two on a"],
    ],
    ["another table is another step", seq("a"), seq("b"), ["removed: Seq Scan on a", "added: Seq Scan on b"]],
    [
      "an order that an index gives needs no sort",
      step("Limit", {}, step("Sort", {}, seq("a"))),
      step("Limit", {}, index("a")),
      ["same: Limit", "removed: Sort", "changed: Seq Scan on a → Index Scan using a_pkey on a"],
    ],
    [
      "a bitmap has one step more",
      seq("a"),
      step("Bitmap Heap Scan", on("a"), step("Bitmap Index Scan", { "Index Name": "a_x" })),
      ["changed: Seq Scan on a → Bitmap Heap Scan on a", "added: Bitmap Index Scan on a_x"],
    ],
    [
      "processes side by side",
      step("Gather", { "Workers Planned": 2 }, step("Seq Scan", on("a", { "Parallel Aware": true }))),
      index("a"),
      ["removed: Gather", "changed: Parallel Seq Scan on a → Index Scan using a_pkey on a"],
    ],
    [
      "another kind of join",
      customers("Hash Join"),
      step("Nested Loop", {}, seq("a"), index("b")),
      [
        "changed: Hash Join → Nested Loop",
        "same: Seq Scan on a",
        "removed: Hash",
        "changed: Seq Scan on b → Index Scan using b_pkey on b",
      ],
    ],
    [
      "another order of a join",
      step("Nested Loop", {}, seq("a"), index("b")),
      step("Nested Loop", {}, seq("b"), index("a")),
      [
        "same: Nested Loop",
        "changed: Index Scan using b_pkey on b → Seq Scan on b",
        "changed, moved: Seq Scan on a → Index Scan using a_pkey on a",
      ],
    ],
    [
      "a table that is there twice is told by its name in the statement",
      step("Nested Loop", {}, seq("a", { Alias: "x" }), seq("a", { Alias: "y" })),
      step("Nested Loop", {}, seq("a", { Alias: "x" }), index("a", "i", { Alias: "y" })),
      ["same: Nested Loop", "same: Seq Scan on a x", "changed: Seq Scan on a y → Index Scan using i on a y"],
    ],
    [
      "what writes a table is not what reads it",
      step("ModifyTable", on("a", { Operation: "Update" }), seq("a")),
      seq("a"),
      ["removed: Update on a", "same: Seq Scan on a"],
    ],
    [
      "by its place, of steps that nothing else tells apart",
      step("Sort", {}, step("Aggregate", {}, step("Sort", {}, seq("a")))),
      step("Aggregate", {}, step("Sort", {}, seq("a"))),
      ["removed: Sort", "same: Aggregate", "same: Sort", "same: Seq Scan on a"],
    ],
  ])("%s", (_, before, after, expected) => {
    expect(lines(before, after)).toEqual(expected);
  });

  test("is found among thousands of partitions, in a moment", () => {
    const parts = (scan: (relation: string) => Raw, from: number, to: number) =>
      step("Append", {}, ...Array.from({ length: to - from }, (__, at) => scan(`p${from + at}`)));
    const count = (before: Raw, after: Raw) => {
      const found = comparePlans(tree(before), tree(after)).nodes;
      return (["same", "changed", "added", "removed"] as const).map(
        (kind) => found.filter((one) => one.kind === kind).length,
      );
    };
    expect(count(parts(seq, 0, 1000), parts(index, 0, 1000))).toEqual([1, 1000, 0, 0]);
    // So many that not all are compared with all.
    expect(count(parts(seq, 0, 4200), parts(index, 100, 4200))).toEqual([1, 4100, 0, 100]);
  });
});

describe("what differs", () => {
  const differs = (before: Raw, after: Raw, at = 0) =>
    comparePlans(tree(before), tree(after)).nodes[at]?.differs.map(
      ({ of, before: was, after: is, change }) => [of, was, is, change],
    );

  test("has its sign and its part of what was", () => {
    const pages = (hit: number, read: number) => ({ "Shared Hit Blocks": hit, "Shared Read Blocks": read });
    expect(
      differs(
        seq("a", { ...ran(12, 100, pages(40, 60)), "Total Cost": 50, "Plan Rows": 10 }),
        index("a", "i", { ...ran(3, 100, pages(4, 0)), "Total Cost": 75, "Plan Rows": 100 }),
      ),
    ).toEqual([
      ["time", 12, 3, -0.75],
      ["expected", 10, 100, 9],
      ["cost", 50, 75, 0.5],
      ["pages", 100, 4, -0.96],
    ]);
  });

  test("is a step's own, without what is beneath it", () => {
    const sort = (ms: number) => step("Sort", ran(ms, 1), seq("a", ran(10, 1)));
    expect(differs(sort(12), sort(14))).toEqual([["time", 2, 4, 1]]);
    expect(differs(sort(12), sort(14), 1)).toEqual([]);
  });

  test("is no part of nothing", () => {
    expect(differs(seq("a", ran(1, 0)), seq("a", ran(1, 5)))).toEqual([["rows", 0, 5, null]]);
  });

  test("is only told of what both have: a plan that was not run has no times", () => {
    const compared = comparePlans(tree(seq("a")), tree(seq("a", ran(3, 9)), { "Execution Time": 4 }));
    expect(compared.nodes[0]?.differs).toEqual([]);
    expect(compared.totals).toEqual([{ of: "cost", before: 10, after: 10, change: 0 }]);
  });

  test("of the whole is its time and its cost", () => {
    const whole = (ms: number, planning: number) => ({ "Execution Time": ms, "Planning Time": planning });
    expect(
      comparePlans(tree(seq("a", ran(1, 1)), whole(8, 1)), tree(seq("a", ran(1, 1)), whole(2, 1))).totals,
    ).toEqual([
      { of: "execution", before: 8, after: 2, change: -0.75 },
      { of: "planning", before: 1, after: 1, change: 0 },
      { of: "cost", before: 10, after: 10, change: 0 },
    ]);
  });
});

describe("whatever the plans", () => {
  const above = (below: fc.Arbitrary<readonly Raw[]>): fc.Arbitrary<Raw> =>
    fc
      .record({
        type: fc.constantFrom("Seq Scan", "Index Scan", "Hash Join", "Nested Loop", "Sort", "Hash", "Gather"),
        relation: fc.constantFrom("a", "b", "c"),
        numbers: fc.record({
          "Actual Total Time": fc.double({ min: 0, max: 99, noNaN: true }),
          "Actual Rows": fc.nat(99),
          "Actual Loops": fc.nat(3),
          "Total Cost": fc.double({ min: 0, max: 99, noNaN: true }),
          "Plan Rows": fc.nat(99),
          "Shared Hit Blocks": fc.nat(9),
        }),
        plans: below,
      })
      .map(({ type, relation, numbers, plans }) =>
        step(type, { ...numbers, ...(/Scan$/.test(type) && on(relation)) }, ...plans),
      );
  const few = { maxLength: 2 };
  const leaves = fc.array(above(fc.constant([])), few);
  const top = above(fc.array(above(fc.array(above(leaves), few)), few));

  test("a plan differs in nothing from itself", () => {
    fc.assert(
      fc.property(top, (raw) => {
        const { nodes, totals } = comparePlans(tree(raw), tree(raw));
        expect(
          nodes.every(({ kind, moved, differs }) => kind === "same" && !moved && differs.length === 0),
        ).toBe(true);
        expect(nodes.every(({ before, after }) => before?.id === after?.id)).toBe(true);
        expect(totals.every(({ before, after }) => before === after)).toBe(true);
      }),
    );
  });

  test("each step of both is there once, those of the second in their order", () => {
    fc.assert(
      fc.property(top, top, (one, other) => {
        const [before, after] = [tree(one), tree(other)];
        const { nodes } = comparePlans(before, after);
        const ids = (side: "before" | "after") => nodes.flatMap((pair) => pair[side]?.id ?? []);
        expect(ids("after")).toEqual(after.nodes.map(({ id }) => id));
        expect(ids("before").toSorted((a, b) => a - b)).toEqual(before.nodes.map(({ id }) => id));
        const still = nodes.filter(({ moved }) => !moved).flatMap(({ before: was }) => was?.id ?? []);
        expect(still).toEqual(still.toSorted((a, b) => a - b));
        expect(nodes.every((pair) => (pair.before ?? pair.after) !== null)).toBe(true);
      }),
    );
  });
});
