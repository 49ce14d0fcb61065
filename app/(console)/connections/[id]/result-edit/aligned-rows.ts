import type { TablePage } from "#lib/browse/shapes.ts";
import { cellLiteral, quotedNames } from "#lib/change/review-sql.ts";
import type { Cell } from "#lib/session/run-events.ts";
import type { HeldRows } from "../changes/use-laid-over.ts";
import { keyIn, type ResultTarget } from "./result-target.ts";

/** The rows of a result as the table has them by now. */
export interface AlignedRows {
  /** In the order of the result; without an identity where the table has no such row, or none any more. */
  readonly held: HeldRows;
  readonly columns: TablePage["columns"];
}

/** Finds the rows of a result in their table, by a condition on its key. Undefined where none has a key. */
export function whereOfKeys(target: ResultTarget, rows: readonly (readonly Cell[])[]): string | undefined {
  const keys = new Set(rows.flatMap((row) => keyIn(target, row) ?? []));
  if (keys.size === 0) return undefined;
  const isOne = target.key.length === 1;
  const written = [...keys].map((key) => {
    const values = (JSON.parse(key) as readonly string[]).map(cellLiteral).join(", ");
    return isOne ? values : `(${values})`;
  });
  const names = target.key.map((name) => quotedNames(name)).join(", ");
  return `${isOne ? names : `(${names})`} in (${written.join(", ")})`;
}

export function alignedRows(
  target: ResultTarget,
  rows: readonly (readonly Cell[])[],
  page: Pick<TablePage, "columns" | "rows" | "identities" | "cut">,
): AlignedRows {
  const at = new Map(page.identities.map(({ key }, index) => [JSON.stringify(key), index]));
  const cut = new Map<number, Map<number, number>>();
  for (const { row, column, length } of page.cut)
    cut.set(row, (cut.get(row) ?? new Map<number, number>()).set(column, length));
  const places = rows.map((row) => {
    const key = keyIn(target, row);
    return key === undefined ? undefined : at.get(key);
  });
  const of = <T>(read: (place: number) => T) =>
    places.map((place) => (place === undefined ? undefined : read(place)));
  return {
    columns: page.columns,
    held: {
      rows: of((place) => page.rows[place]).map((row) => row ?? []),
      identities: of((place) => page.identities[place]),
      marks: [],
      cut: of((place) => cut.get(place)),
      numbers: rows.map((_, index) => String(index + 1)),
    },
  };
}

/**
 * Of each column of the result, which of the table's is shown in it: only where every value is what the table holds, so
 * that nothing is changed that was not seen. A value of another row (a table joined to itself), one that was changed since,
 * or one that is written in another way is not.
 * @returns also the names of the table's columns that are not
 */
export function columnsInGrid(
  { columns }: ResultTarget,
  rows: readonly (readonly Cell[])[],
  { held, columns: own }: AlignedRows,
): { readonly inGrid: readonly (number | undefined)[]; readonly differing: readonly string[] } {
  const differing: string[] = [];
  const inGrid = columns.map((name, column) => {
    const there = own.findIndex((one) => one.name === name);
    if (name === undefined || there < 0) return undefined;
    const isSame = rows.every((row, index) => {
      if (held.identities[index] === undefined) return true;
      const [shown = null, stored = null] = [row[column], held.rows[index]?.[there]];
      // Of what is long the page has only the beginning.
      const isCut = held.cut[index]?.has(there) === true;
      return isCut && stored !== null ? shown?.startsWith(stored) === true : shown === stored;
    });
    if (!isSame) differing.push(name);
    return isSame ? there : undefined;
  });
  return { inGrid, differing };
}
