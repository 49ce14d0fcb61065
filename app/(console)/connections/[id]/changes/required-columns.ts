import type { Cell, Editable } from "#lib/change/shapes.ts";
import { isDefault, type PendingRow, pendingCell } from "./pending-changes.ts";

/** Names of the columns without which the server takes no new row. */
export function requiredColumns(editable: Editable | undefined): ReadonlySet<string> {
  return new Set(editable?.columns.flatMap(({ name, required }) => (required ? [name] : [])));
}

/** Those that a new row has no value of. */
export function missingColumns(row: PendingRow, required: ReadonlySet<string>): readonly string[] {
  return row.kind === "insert" ? [...required].filter((column) => isMissing(pendingCell(row, column))) : [];
}

/** Of a required column: nothing was typed, or nothing that it takes. */
export function isMissing(cell: Cell | undefined): boolean {
  return cell === undefined || cell === null || isDefault(cell);
}
