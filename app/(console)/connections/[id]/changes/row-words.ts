import type { Value } from "#lib/browse/shapes.ts";
import type { PendingChanges, PendingRow } from "./pending-changes.ts";

/** What a person knows a row by: its key, or its first values where it has none. */
export function rowWords({ columns, key }: PendingChanges, pending: PendingRow): string {
  if (pending.kind === "insert") return "";
  const { row, seen } = pending;
  const pairs: readonly (readonly [string, Value])[] =
    key !== null && row.key !== null
      ? key.map((column, at) => [column, row.key?.[at] ?? null])
      : columns.slice(0, 2).map((column, at) => [column, seen.values[at] ?? null]);
  return pairs.map(([column, value]) => `${column} = ${short(value)}`).join(", ");
}

function short(value: Value): string {
  if (value === null) return "NULL";
  return value.length > 40 ? `${value.slice(0, 40)}…` : value;
}
