/** A node of `EXPLAIN (FORMAT JSON)`, by the names that the server gives its properties. */
export interface RawNode {
  readonly [property: string]: unknown;
}

/** What stands beside the topmost node: times, triggers, settings. */
export interface RawPlan {
  readonly top: RawNode;
  readonly whole: RawNode;
}

/**
 * Reads what `EXPLAIN (FORMAT JSON)` has written: https://www.postgresql.org/docs/18/sql-explain.html. Of a node only its
 * kind is certain; what a version does not tell is not there.
 * @returns undefined for what is no plan
 */
export function readPlanJson(json: string): RawPlan | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const whole = Array.isArray(value) ? (value as readonly unknown[])[0] : value;
  if (!isObject(whole)) return undefined;
  const top = whole.Plan;
  return isObject(top) && textOf(top, "Node Type") !== "" ? { top, whole } : undefined;
}

export function textOf(node: RawNode, name: string): string {
  const value = node[name];
  return typeof value === "string" ? value : "";
}

/** @returns undefined where it is not told */
export function numberOf(node: RawNode, name: string): number | undefined {
  const value = node[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function partsOf(node: RawNode, name: string): readonly RawNode[] {
  const value = node[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function partOf(node: RawNode, name: string): RawNode | undefined {
  const value = node[name];
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is RawNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
