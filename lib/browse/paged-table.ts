import "server-only";
import { type BrowsedTable, isStored } from "./browsed-table.ts";
import type { Capabilities } from "./capabilities.ts";
import type { PagedTable } from "./page-query.ts";

/** A relation as this server can page it. */
export function pagedTable(table: BrowsedTable, can: Capabilities): PagedTable {
  const stored = isStored(table);
  const whole = table.readable && table.columns.length > 0;
  return {
    schema: table.schema,
    name: table.name,
    columns: table.columns,
    // A key that may not be read finds nothing.
    key: table.key?.every((name) => table.columns.some((one) => one.name === name && one.readable))
      ? table.key
      : null,
    hasParts: table.hasParts,
    placed: stored && can.place,
    version: stored && can.xmin ? "xmin" : whole ? "hash" : "none",
  };
}

/** Where the operators of a table's types are, beside pg_catalog. */
export function operatorSchemas({ columns }: BrowsedTable): readonly string[] {
  return [...new Set(columns.flatMap(({ operatorSchema }) => operatorSchema ?? []))];
}
