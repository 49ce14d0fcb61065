import type { ValueAsk } from "#lib/browse/ask.ts";
import type { ColumnFacts } from "#lib/browse/shapes.ts";
import type { TableName } from "../place.ts";
import type { JoinedWindows } from "./joined-windows.ts";
import type { OpenedValue } from "./value-dialog.tsx";

interface Cell {
  readonly all: JoinedWindows;
  readonly columns: readonly ColumnFacts[] | undefined;
  readonly table: TableName;
  readonly row: number;
  readonly column: number;
}

/** How the whole of a cut value is asked for; undefined for a value that is whole, or that nothing finds again. */
export function wholeAsk({ all, columns, table, row, column }: Cell): ValueAsk | undefined {
  const identity = all.identities[row];
  const name = columns?.[column]?.name;
  if (all.cut[row]?.has(column) !== true || identity === undefined || name === undefined) return undefined;
  const { key, place, version } = identity;
  if (key === null && place === null && version === null) return undefined;
  return {
    ...table,
    column: name,
    key: key && [...key],
    place,
    ...(key === null && place === null && { version }),
  };
}

/** One value, as it is looked at. */
export function openedValue(cell: Cell): OpenedValue {
  const { all, columns, row, column } = cell;
  return {
    column: columns?.[column]?.name ?? "",
    row: all.numbers[row] || String(row + 1),
    value: all.rows[row]?.[column] ?? null,
    cut: all.cut[row]?.get(column),
    ask: wholeAsk(cell),
  };
}
