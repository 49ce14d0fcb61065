import { type RawNode, textOf } from "./plan-json.ts";
import type { Draft } from "./plan-node.ts";

/**
 * The part of each node that is its own: what it says, without what it says of others.
 * @param users of each node those within whose time it runs
 * @param all   what a node says, with all that runs for it
 * @param whole what all of it together is at most: means that are rounded may come to more
 * @returns by the nodes' places
 */
export function selfOf(
  drafts: readonly Draft[],
  users: readonly (readonly number[])[],
  all: (node: Draft) => number,
  whole: number,
): readonly number[] {
  const own = drafts.map(all);
  drafts.forEach((draft, id) => {
    let left = all(draft);
    for (const user of users[id] ?? []) {
      const share = Math.min(left, all(drafts[user] as Draft));
      own[user] = (own[user] ?? 0) - share;
      left -= share;
    }
  });
  const positive = own.map((value) => Math.max(0, value));
  const sum = positive.reduce((before, value) => before + value, 0);
  return sum <= whole ? positive : positive.map((value) => (value * whole) / sum);
}

/**
 * Of each node those that count what it does, since they wait for it. That is not always what it is drawn beneath: a CTE
 * runs for those who scan it, an InitPlan for the first that asks for its value. Of several the one that took longest
 * comes first.
 */
export function usersOf(drafts: readonly Draft[]): readonly (readonly number[])[] {
  return drafts.map((_, id) => usersOfOne(drafts, id));
}

function usersOfOne(drafts: readonly Draft[], id: number): readonly number[] {
  const { subplan, raw, parent } = drafts[id] as Draft;
  if (parent === null) return [];
  if (textOf(raw, "Parent Relationship") !== "InitPlan") return [parent];
  const cte = /^CTE (.*)$/s.exec(subplan)?.[1];
  const inside = new Set(beneath(drafts, id));
  const within = beneath(drafts, parent).filter((other) => !inside.has(other));
  if (cte !== undefined) {
    return within
      .filter((other) => isScanOf(drafts[other]?.raw, cte))
      .sort((a, b) => (drafts[b]?.totalMs ?? 0) - (drafts[a]?.totalMs ?? 0));
  }
  const value = askedAs(subplan);
  const askers = value === undefined ? [] : within.filter((other) => asks(drafts[other]?.raw, value));
  // The lowest computes it, those above it hand it on; a Gather does so before its workers begin.
  const first =
    askers.find((other) => drafts[other]?.raw["Params Evaluated"] !== undefined) ??
    askers.toSorted((a, b) => (drafts[b]?.depth ?? 0) - (drafts[a]?.depth ?? 0))[0];
  return [first ?? parent];
}

function isScanOf(raw: RawNode | undefined, cte: string): boolean {
  return raw !== undefined && textOf(raw, "Node Type") === "CTE Scan" && textOf(raw, "CTE Name") === cte;
}

/** How others write the value of `InitPlan 1`; before version 17 it is called `InitPlan 1 (returns $0)`. */
function askedAs(subplan: string): RegExp | undefined {
  const [, number, returned] = /^InitPlan (\d+)(?: \(returns (\$\d+))?/.exec(subplan) ?? [];
  if (returned !== undefined) return new RegExp(`\\${returned}(?!\\d)`);
  return number === undefined ? undefined : new RegExp(`\\(InitPlan ${number}\\)`);
}

function asks(raw: RawNode | undefined, value: RegExp): boolean {
  return Object.entries(raw ?? {}).some(([name, said]) => {
    if (name === "Plans" || name === "Subplan Name" || name === "Workers") return false;
    return [said].flat().some((one) => typeof one === "string" && value.test(one));
  });
}

/** A node and all that is drawn beneath it. */
function beneath(drafts: readonly Draft[], id: number): readonly number[] {
  return [id, ...(drafts[id]?.children ?? []).flatMap((child) => beneath(drafts, child))];
}
