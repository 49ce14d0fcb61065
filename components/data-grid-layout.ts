import { visibly } from "#lib/visible-text.ts";
import type { GridRows } from "./data-grid-column.ts";

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
 * @param rows    of which the first are enough
 */
export function columnWidths(
  columns: readonly { readonly name: string; readonly detail: string }[],
  rows: GridRows,
  rowCount: number,
): readonly number[] {
  const sample = Array.from({ length: Math.min(rowCount, 64) }, (_, row) => rows.at(row) ?? []);
  return columns.map((column, index) => {
    const signs = sample.reduce(
      (most, row) => Math.max(most, signsOf(row[index] ?? "NULL")),
      Math.max(column.name.length, Math.min(column.detail.length, 24)),
    );
    return Math.round(Math.min(widest, Math.max(narrowest, signs * signWidth + 20)));
  });
}

/**
 * @param given widths that a person has chosen, by column; they outrank the others
 */
export function gridLayout(widths: readonly number[], given: ReadonlyMap<number, number> = none): GridLayout {
  const used = widths.map((width, index) => given.get(index) ?? width);
  const lefts = [0];
  for (const width of used) lefts.push((lefts.at(-1) ?? 0) + width);
  return {
    total: lefts.at(-1) ?? 0,
    left: (column) => lefts[column] ?? 0,
    width: (column) => used[column] ?? 0,
    between: (from, to) => {
      let first = 0;
      while (first < used.length - 1 && (lefts[first + 1] ?? 0) < from) first += 1;
      let last = first;
      while (last < used.length && (lefts[last] ?? 0) < to) last += 1;
      // In steps of some columns: a scroll sideways makes all rows anew only at each step.
      return [
        Math.max(0, Math.floor((first - 1) / step) * step),
        Math.min(used.length, Math.ceil((last + 1) / step) * step),
      ];
    },
  };
}

function signsOf(text: string): number {
  const short = text.slice(0, widestCell);
  // Most values: nothing in them is shown as anything else.
  return /^[ -~]*$/.test(short) ? short.length : visibly(short).length;
}

const none: ReadonlyMap<number, number> = new Map();
const step = 4;
/** Signs that a column is at most made wide for. */
const widestCell = 48;
/** A monospaced sign at 13 px, px. */
const signWidth = 7.9;
export const narrowest = 64;
const widest = 380;
