import "server-only";
import type { FieldDef } from "pg";
import type { Cell } from "#lib/session/run-events.ts";

/** Rows as the server wrote their values, batch by batch, and what the columns are. */
export interface RowSource {
  readonly fields: readonly FieldDef[];
  readonly batches: AsyncIterable<readonly (readonly Cell[])[]>;
}

/** OIDs that are part of PostgreSQL's interface (src/include/catalog/pg_type.dat). */
const numberTypes: ReadonlySet<number> = new Set([20, 21, 23, 26, 700, 701, 1700]);
const jsonTypes: ReadonlySet<number> = new Set([114, 3802]);

/** What the text of a column's values says besides its signs. */
export type ValueKind = "number" | "boolean" | "json" | "text";

export function valueKind({ dataTypeID }: FieldDef): ValueKind {
  if (numberTypes.has(dataTypeID)) return "number";
  if (dataTypeID === 16) return "boolean";
  return jsonTypes.has(dataTypeID) ? "json" : "text";
}

/** A number as JSON, SQL and XML write it, too; NaN and Infinity are none of theirs. */
export function isPlainNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text);
}
