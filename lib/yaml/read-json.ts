import type { Tree } from "./tree.ts";

/** JSON as a tree; undefined for what is none. Maps, so that no name of the text is a name of an object's. */
export function readJson(text: string): Tree | undefined {
  if (deeperThan(text, 200)) return undefined;
  try {
    return fromJson(JSON.parse(text), 0, { left: mostNodes });
  } catch {
    return undefined;
  }
}

/** Deeper than any configuration file; what lies below is left out. */
const deepest = 20;

/** Two hundred connections have fewer; what lies behind them is left out. */
const mostNodes = 20_000;

/**
 * Whether brackets nest deeper than this: `JSON.parse` is slow where brackets nest without end. What stands in texts opens
 * nothing. One pass: a pattern for texts takes hours over one that never ends and is full of escaped quotation marks.
 */
export function deeperThan(text: string, most: number): boolean {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inText) {
      // The sign behind a backslash ends nothing.
      if (code === 0x5c) index += 1;
      else if (code === 0x22) inText = false;
    } else if (code === 0x22) inText = true;
    else if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth -= 1;
    if (depth > most) return true;
  }
  return false;
}

function fromJson(value: unknown, depth: number, budget: { left: number }): Tree | undefined {
  budget.left -= 1;
  if (budget.left < 0) return undefined;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "object" || value === null || depth > deepest) return undefined;
  if (Array.isArray(value)) {
    const list: Tree[] = [];
    for (const item of value as readonly unknown[]) {
      if (budget.left < 0) break;
      const tree = fromJson(item, depth + 1, budget);
      if (tree !== undefined) list.push(tree);
    }
    return list;
  }
  const map = new Map<string, Tree>();
  for (const name in value) {
    if (budget.left < 0) break;
    const tree = fromJson((value as Record<string, unknown>)[name], depth + 1, budget);
    if (tree !== undefined) map.set(name, tree);
  }
  return map;
}
