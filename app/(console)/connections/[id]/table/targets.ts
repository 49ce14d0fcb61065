import type { Filter } from "#lib/browse/ask.ts";
import type { ColumnFacts, ReferenceFacts, Value } from "#lib/browse/shapes.ts";
import type { TableName } from "../place.ts";

/** Rows that a row leads to. */
export interface Target extends TableName {
  readonly filters: readonly Filter[];
}

/**
 * Where a reference of a row leads: the rows that its columns meet.
 * @returns undefined where one of them is NULL, or is not in the row: it leads nowhere then
 */
export function targetOf(
  { schema, table, columns, foreignColumns }: ReferenceFacts,
  shown: readonly Pick<ColumnFacts, "name">[],
  values: readonly Value[],
): Target | undefined {
  const filters = columns.map((column, index): Filter | undefined => {
    const value = values[shown.findIndex(({ name }) => name === column)];
    const there = foreignColumns[index];
    return value == null || there === undefined ? undefined : { column: there, operator: "=", value };
  });
  const found = filters.filter((filter) => filter !== undefined);
  return found.length === columns.length && found.length > 0 ? { schema, table, filters: found } : undefined;
}
