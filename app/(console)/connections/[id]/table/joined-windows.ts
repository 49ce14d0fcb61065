import type { Value } from "#lib/browse/shapes.ts";
import { type PageWindow, rowsIn } from "./use-pages.ts";

export type JoinedWindows = ReturnType<typeof joinedWindows>;

/** The rows of all pages that are held, as one. */
export function joinedWindows(windows: readonly PageWindow[]) {
  const cut = windows.flatMap((one) => one.cut);
  return {
    rows: windows.flatMap(({ rows }): readonly (readonly Value[])[] => rows),
    identities: windows.flatMap(({ identities }) => identities),
    marks: windows.flatMap(({ marks }) => marks),
    cut,
    cutLength: (row: number, column: number) => cut[row]?.get(column),
    /** Where it is known for sure; else nothing. */
    numbers: windows.flatMap(({ page, rows, marks }) => {
      let at = page.position?.exact === true ? page.position.rows : undefined;
      return rows.map((_, index) => {
        if (at === undefined || marks[index] === "gone") return "";
        at += 1;
        return String(at);
      });
    }),
  };
}

/** The page that a row is of, and where that begins; the last one for a row behind them. */
export function windowAt(windows: readonly PageWindow[], row: number) {
  let start = 0;
  for (const window of windows) {
    if (row < start + window.rows.length) return { window, start };
    start += window.rows.length;
  }
  const last = windows.at(-1);
  return last && { window: last, start: rowsIn(windows) - last.rows.length };
}

/** The key of a page's first row, where it can stand in an address. */
export function textKey(window: PageWindow | undefined): readonly string[] | undefined {
  const key = window?.identities[0]?.key ?? [];
  const texts = key.filter((value) => value !== null);
  return texts.length > 0 && texts.length === key.length && texts.join("").length <= 1_000
    ? texts
    : undefined;
}
