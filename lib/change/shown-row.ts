import "server-only";
import { shownPage } from "#lib/browse/page-cells.ts";
import type { RowIdentity } from "#lib/browse/shapes.ts";
import type { QueryRow } from "#lib/session/query-answer.ts";
import type { ChangedTable } from "./change-sql.ts";
import type { SeenRow } from "./shapes.ts";

/** A row as a page shows it, and by what it is found again. */
export interface ShownRow {
  readonly row: SeenRow;
  readonly identity: RowIdentity;
}

/** @param values of `pageRows`, the key sent whole */
export function shownRow(table: ChangedTable, values: QueryRow): ShownRow {
  const whole = new Set(table.key ?? []);
  const page = shownPage(table.columns, table, { rows: [values], whole });
  const identity = page.identities[0] ?? { key: null, place: null, version: null };
  const cut = page.cut.map(({ column, length }) => ({ column, length }));
  return { row: { values: page.rows[0] ?? [], cut }, identity };
}
