import "server-only";
import { shownColumns } from "#lib/browse/page-query.ts";
import type { Value } from "#lib/browse/shapes.ts";
import type { ChangedTable } from "./change-sql.ts";
import type { Cell, RowChange, SeenRow, StoredRow } from "./shapes.ts";
import type { ShownRow } from "./shown-row.ts";

/**
 * What was stored, beside what was typed. A column that the server itself works out differs from nothing.
 * @param workedOut columns of a view that are no table's
 * @param before the row as it was; undefined for a new one
 * @param after  the row as it is; undefined where nothing finds it
 */
export function storedRow(
  table: ChangedTable,
  index: number,
  change: RowChange,
  workedOut: ReadonlySet<string>,
  {
    before,
    after,
    movedTo,
  }: { readonly before?: SeenRow; readonly after?: ShownRow; readonly movedTo?: string },
): StoredRow {
  const differs = after === undefined ? [] : differences(table, change, workedOut, before, after.row);
  return {
    change: index,
    row: after?.row ?? null,
    identity: after?.identity ?? null,
    differs,
    movedTo: movedTo ?? null,
  };
}

function differences(
  table: ChangedTable,
  change: RowChange,
  workedOut: ReadonlySet<string>,
  before: SeenRow | undefined,
  after: SeenRow,
): StoredRow["differs"] {
  const typed = new Map(
    change.kind === "delete" ? [] : change.cells.map(({ column, value }) => [column, value] as const),
  );
  return shownColumns(table).flatMap(({ name, generated }, index): StoredRow["differs"] => {
    const stored = after.values[index] ?? null;
    const cell = typed.get(name);
    if (cell !== undefined)
      return isStoredAs(cell, after, index) ? [] : [{ column: name, typed: cell, stored }];
    if (before === undefined || workedOut.has(name) || generated === "stored" || generated === "virtual")
      return [];
    const wasSame = before.values[index] === stored && lengthAt(before, index) === lengthAt(after, index);
    return wasSame ? [] : [{ column: name, stored }];
  });
}

function isStoredAs(cell: Cell, after: SeenRow, index: number): boolean {
  if (typeof cell === "object" && cell !== null) return true;
  const stored: Value = after.values[index] ?? null;
  const length = lengthAt(after, index);
  if (length === undefined || cell === null || stored === null) return cell === stored;
  // Of what is long only the beginning was sent. The length of bytes is not that of their text.
  const whole = stored.startsWith("\\x") ? 2 + 2 * length : length;
  return cell.startsWith(stored) && ([...cell].length === length || cell.length === whole);
}

function lengthAt({ cut }: SeenRow, index: number): number | undefined {
  return cut.find(({ column }) => column === index)?.length;
}
