import { describe, expect, test } from "vitest";
import { keepPlan, mostKept } from "#app/(console)/connections/[id]/plan/kept-plans.ts";

const plan = (at: number, signs = 0) => ({
  at,
  sql: "x".repeat(signs),
  values: [],
  how: "plan" as const,
  json: JSON.stringify([{ Plan: { "Node Type": "Result", "Total Cost": at } }]),
});
const times = (kept: readonly { readonly at: number }[]) => kept.map(({ at }) => at);

describe("the plans that a tab keeps", () => {
  test("are its last ones, the latest first, with what they came to", () => {
    const tab = {};
    for (let at = 1; at <= 20; at += 1) keepPlan(tab, plan(at));
    const kept = keepPlan(tab, plan(21));
    expect(times(kept)).toEqual(Array.from({ length: mostKept }, (_, back) => 20 - back));
    expect(kept[0]).toMatchObject({ cost: 20, executionMs: null });
  });

  test("are each there once, and of no other tab", () => {
    const tab = {};
    keepPlan(tab, plan(1));
    expect(times(keepPlan(tab, plan(1)))).toEqual([]);
    expect(times(keepPlan(tab, plan(2)))).toEqual([1]);
    expect(keepPlan({}, plan(3))).toEqual([]);
  });

  test("are fewer where they are large; what is no plan is not among them", () => {
    const tab = {};
    for (const at of [1, 2, 3]) keepPlan(tab, plan(at, 7_000_000));
    expect(times(keepPlan(tab, { ...plan(4), json: "no plan" }))).toEqual([3, 2]);
    expect(times(keepPlan(tab, plan(5, 12_000_000)))).toEqual([]);
  });
});
