import { visibly } from "#lib/visible-text.ts";

/** Where the columns of a grid stand, in px from the end of the row numbers. */
export interface GridLayout {
  readonly total: number;
  left(column: number): number;
  width(column: number): number;
  /** First and last (exclusive) column that shows between two places, with a few beyond. */
  between(from: number, to: number): readonly [number, number];
}

/**
 * Widths from the names and the first rows.
 * @param columns with `detail`, the quieter line under the name
 * @param rows    a sample is enough
 */
export function gridLayout(
  columns: readonly { readonly name: string; readonly detail: string }[],
  rows: readonly (readonly (string | null)[])[],
): GridLayout {
  const sample = rows.slice(0, 64);
  const widths = columns.map((column, index) => {
    const signs = sample.reduce(
      (most, row) => Math.max(most, visibly((row[index] ?? "NULL").slice(0, widestCell)).length),
      Math.max(column.name.length, Math.min(column.detail.length, 24)),
    );
    return Math.round(Math.min(widest, Math.max(narrowest, signs * signWidth + 20)));
  });
  const lefts = [0];
  for (const width of widths) lefts.push((lefts.at(-1) ?? 0) + width);
  return {
    total: lefts.at(-1) ?? 0,
    left: (column) => lefts[column] ?? 0,
    width: (column) => widths[column] ?? 0,
    between: (from, to) => {
      let first = 0;
      while (first < widths.length - 1 && (lefts[first + 1] ?? 0) < from) first += 1;
      let last = first;
      while (last < widths.length && (lefts[last] ?? 0) < to) last += 1;
      return [Math.max(0, first - 2), Math.min(widths.length, last + 2)];
    },
  };
}

/** Signs that a column is at most made wide for. */
const widestCell = 48;
/** A monospaced sign at 12 px, px. */
const signWidth = 7.3;
const narrowest = 64;
const widest = 380;
