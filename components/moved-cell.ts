import type { GridCell } from "./data-grid-column.ts";

/** The row of the columns' heads. */
export const headRow = -1;

interface Size {
  readonly rows: number;
  readonly columns: number;
  readonly page: number;
  /** Whether the heads can be gone to. */
  readonly head: boolean;
}

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** Where the active cell goes for a key; undefined for keys that mean nothing here. */
export function movedCell(
  { row, column }: GridCell,
  { key, ctrlKey, metaKey }: Key,
  size: Size,
): GridCell | undefined {
  const far = ctrlKey || metaKey;
  const least = size.head ? headRow : 0;
  if (size.rows === 0 && !size.head) return undefined;
  const to = (nextRow: number, nextColumn: number): GridCell => ({
    row: Math.min(size.rows - 1, Math.max(least, nextRow)),
    column: Math.min(size.columns - 1, Math.max(0, nextColumn)),
  });
  switch (key) {
    case "ArrowDown":
      return to(far ? size.rows : row + 1, column);
    case "ArrowUp":
      return to(far ? 0 : row - 1, column);
    case "ArrowRight":
      return to(row, far ? size.columns : column + 1);
    case "ArrowLeft":
      return to(row, far ? 0 : column - 1);
    case "PageDown":
      return to(row + size.page, column);
    case "PageUp":
      return to(Math.max(0, row - size.page), column);
    case "Home":
      return to(far ? 0 : row, 0);
    case "End":
      return to(far ? size.rows : row, size.columns);
    default:
      return undefined;
  }
}
