// biome-ignore-all lint/a11y/useSemanticElements: a table cannot leave out the rows that are not in sight
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and names its active cell
"use client";

import { type KeyboardEvent, useCallback, useEffect, useId, useRef, useState } from "react";
import { CellText } from "./cell-text.tsx";
import type { GridColumn } from "./data-grid-column.ts";
import { type GridLayout, gridLayout } from "./data-grid-layout.ts";
import { DataGridRow } from "./data-grid-row.tsx";
import { classes } from "./ui/classes.ts";

export interface GridCell {
  readonly row: number;
  readonly column: number;
}

interface Props {
  readonly label: string;
  readonly columns: readonly GridColumn[];
  /** Grows in place while rows arrive; `rowCount` says how many there are to show. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly rowCount: number;
  /** How a missing value is written. */
  readonly nullText: string;
  readonly rowLabel: (row: number) => string;
  /** Enter or a double press on a cell. */
  readonly onOpen: (cell: GridCell) => void;
  /** Ctrl or Cmd with C. */
  readonly onCopy: (cell: GridCell) => void;
  readonly className?: string;
}

const rowHeight = 28;
const headHeight = 44;
/** Rows and columns made beyond the visible ones, so that a scroll shows no gap. */
const overscan = 8;

/**
 * A grid of text cells that makes only what is in sight: any number of rows and columns scrolls smoothly. Rows have
 * one height. One cell is active; arrows, Home, End and the page keys move it (WAI-ARIA grid pattern).
 */
export function DataGrid(props: Props) {
  const { label, columns, rows, rowCount, nullText, rowLabel, onOpen, onCopy, className } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<GridCell>({ row: 0, column: 0 });
  const layout = useLayout(columns, rows, rowCount);
  const view = useView(box);
  const numberWidth = 16 + 8 * String(Math.max(rowCount, 999)).length;

  const firstRow = Math.max(0, Math.floor(view.top / rowHeight) - overscan);
  const lastRow = Math.min(rowCount, Math.ceil((view.top + view.height) / rowHeight) + overscan);
  const [firstColumn, lastColumn] = layout.between(view.left, view.left + view.width);

  const reveal = useCallback(
    (cell: GridCell) => {
      const element = box.current;
      if (element === null) return;
      const top = cell.row * rowHeight;
      const bottom = top + rowHeight + headHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (bottom > element.scrollTop + element.clientHeight)
        element.scrollTop = bottom - element.clientHeight;
      const left = layout.left(cell.column);
      const right = left + layout.width(cell.column) + numberWidth;
      if (left < element.scrollLeft) element.scrollLeft = left;
      else if (right > element.scrollLeft + element.clientWidth)
        element.scrollLeft = right - element.clientWidth;
    },
    [layout, numberWidth],
  );

  function onKeyDown(event: KeyboardEvent): void {
    if (columns.length === 0 || rowCount === 0) return;
    if (event.key === "Enter") {
      event.preventDefault();
      onOpen(active);
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c") {
      // What a person has marked with the mouse is copied by the browser.
      if (window.getSelection()?.toString()) return;
      event.preventDefault();
      onCopy(active);
      return;
    }
    const page = Math.max(1, Math.floor((view.height - headHeight) / rowHeight) - 1);
    const next = moved(active, event, { rows: rowCount, columns: columns.length, page });
    if (next === undefined) return;
    event.preventDefault();
    setActive(next);
    reveal(next);
  }

  const cellId = (row: number, column: number) => `${id}-${row}-${column}`;
  const isActiveMade =
    active.row >= firstRow &&
    active.row < lastRow &&
    active.column >= firstColumn &&
    active.column < lastColumn;

  return (
    <div className="relative after:pointer-events-none after:absolute after:inset-0 after:z-30 has-[[role=grid]:focus-visible]:after:outline-2 has-[[role=grid]:focus-visible]:after:outline-accent has-[[role=grid]:focus-visible]:after:-outline-offset-2">
      <div
        ref={box}
        role="grid"
        aria-label={label}
        aria-rowcount={rowCount + 1}
        aria-colcount={columns.length + 1}
        aria-readonly
        tabIndex={0}
        {...(isActiveMade && { "aria-activedescendant": cellId(active.row, active.column) })}
        onKeyDown={onKeyDown}
        onClick={({ target }) => {
          const cell = cellOf(target);
          if (cell !== undefined) setActive(cell);
        }}
        onDoubleClick={({ target }) => {
          const cell = cellOf(target);
          if (cell !== undefined) onOpen(cell);
        }}
        className={classes(
          "group relative overflow-auto overscroll-contain bg-surface font-mono text-xs outline-none",
          className,
        )}
      >
        <div
          role="presentation"
          className="relative min-w-full"
          style={{ height: headHeight + rowCount * rowHeight, width: numberWidth + layout.total }}
        >
          <div
            role="row"
            aria-rowindex={1}
            className="sticky top-0 z-20 min-w-full border-line border-b bg-sunken"
            style={{ height: headHeight }}
          >
            <div
              role="columnheader"
              aria-colindex={1}
              className="sticky left-0 z-10 h-full border-line border-r bg-sunken"
              style={{ width: numberWidth }}
            >
              <span className="sr-only">#</span>
            </div>
            {span(firstColumn, lastColumn).map((column) => {
              const { name = "", detail = "", numeric = false } = columns[column] ?? {};
              return (
                <div
                  key={column}
                  role="columnheader"
                  aria-colindex={column + 2}
                  title={`${name} · ${detail}`}
                  className={classes(
                    "absolute top-0 flex h-full flex-col justify-center overflow-hidden border-line border-r px-2",
                    numeric && "text-right",
                  )}
                  style={{ left: numberWidth + layout.left(column), width: layout.width(column) }}
                >
                  <span className="truncate font-medium">
                    <CellText text={name} />
                  </span>
                  <span className="truncate text-[0.6875rem] text-muted">{detail}</span>
                </div>
              );
            })}
          </div>
          {span(firstRow, lastRow).map((row) => (
            <DataGridRow
              key={row}
              id={id}
              row={row}
              cells={rows[row]}
              columns={columns}
              layout={layout}
              firstColumn={firstColumn}
              lastColumn={lastColumn}
              numberWidth={numberWidth}
              top={headHeight + row * rowHeight}
              height={rowHeight}
              activeColumn={active.row === row ? active.column : -1}
              label={rowLabel(row + 1)}
              nullText={nullText}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** The cell that a press fell on, by its id. */
function cellOf(target: EventTarget): GridCell | undefined {
  const found = target instanceof Element ? target.closest('[role="gridcell"]') : null;
  const [, row, column] = /-(\d+)-(\d+)$/.exec(found?.id ?? "") ?? [];
  return row === undefined || column === undefined ? undefined : { row: Number(row), column: Number(column) };
}

/** Where the active cell goes for a key; undefined for keys that mean nothing here. */
function moved(
  { row, column }: GridCell,
  { key, ctrlKey, metaKey }: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey">,
  size: { readonly rows: number; readonly columns: number; readonly page: number },
): GridCell | undefined {
  const far = ctrlKey || metaKey;
  const to = (nextRow: number, nextColumn: number): GridCell => ({
    row: Math.min(size.rows - 1, Math.max(0, nextRow)),
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
      return to(row - size.page, column);
    case "Home":
      return to(far ? 0 : row, 0);
    case "End":
      return to(far ? size.rows : row, size.columns);
    default:
      return undefined;
  }
}

/** Kept while more rows arrive: columns do not jump. */
function useLayout(columns: readonly GridColumn[], rows: Props["rows"], rowCount: number): GridLayout {
  const known = useRef<{ columns: readonly GridColumn[]; measured: boolean; layout: GridLayout }>(undefined);
  const measured = rowCount > 0;
  if (known.current?.columns !== columns || known.current.measured !== measured) {
    known.current = { columns, measured, layout: gridLayout(columns, rows) };
  }
  return known.current.layout;
}

interface View {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** What part of the grid is in sight, in steps, so that not every pixel of a scroll renders anew. */
function useView(box: React.RefObject<HTMLDivElement | null>): View {
  const [view, setView] = useState<View>({ top: 0, left: 0, width: 1200, height: 600 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let frame = 0;
    const look = () => {
      frame = 0;
      setView((old) => {
        const next = {
          top: Math.floor(element.scrollTop / rowHeight) * rowHeight,
          left: Math.floor(element.scrollLeft / 32) * 32,
          // Without a layout engine (tests) there is no size: a screenful is made then.
          width: (element.clientWidth || 1200) + 32,
          height: (element.clientHeight || 600) + rowHeight,
        };
        const same =
          next.top === old.top &&
          next.left === old.left &&
          next.width === old.width &&
          next.height === old.height;
        return same ? old : next;
      });
    };
    const soon = () => {
      frame ||= requestAnimationFrame(look);
    };
    look();
    element.addEventListener("scroll", soon, { passive: true });
    const sizes = typeof ResizeObserver === "undefined" ? undefined : new ResizeObserver(soon);
    sizes?.observe(element);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener("scroll", soon);
      sizes?.disconnect();
    };
  }, [box]);
  return view;
}

function span(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
