// biome-ignore-all lint/a11y/useSemanticElements: a table cannot leave out the rows that are not in sight
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and names its active cell
"use client";

import {
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type {
  CellLook,
  GridCell,
  GridColumn,
  GridGoal,
  GridRange,
  GridRows,
  GridSort,
  GridWords,
  RowMark,
} from "./data-grid-column.ts";
import { DataGridHead } from "./data-grid-head.tsx";
import { columnWidths, type GridLayout, gridLayout, narrowest } from "./data-grid-layout.ts";
import { DataGridRow } from "./data-grid-row.tsx";
import { headRow, movedCell } from "./moved-cell.ts";
import { classes } from "./ui/classes.ts";
import { useRowHeight } from "./use-row-height.ts";
import { useView } from "./use-view.ts";

interface Props {
  readonly label: string;
  readonly columns: readonly GridColumn[];
  /** Grows in place while rows arrive; `rowCount` says how many there are to show. */
  readonly rows: GridRows;
  readonly rowCount: number;
  /**
   * The lasting number of the first row that is given. Where rows come before it, it is so much less: what is in sight,
   * and the active cell, stay where they are.
   */
  readonly base?: number;
  readonly words: GridWords;
  readonly rowLabel: (row: number) => string;
  /** What stands before a row; its number where it is not given. */
  readonly rowNumber?: (row: number) => string;
  readonly rowMark?: (row: number) => RowMark | undefined;
  /** The whole length of a value that is cut. */
  readonly cutLength?: (row: number, column: number) => number | undefined;
  readonly sort?: readonly GridSort[];
  /** A press on a column's head, or Enter there; with Shift it is added to the others. */
  readonly onSort?: (column: number, add: boolean) => void;
  /** Enter or a double press on a cell. */
  readonly onOpen: (cell: GridCell) => void;
  /** Ctrl or Cmd with C. */
  readonly onCopy: (range: GridRange) => void;
  /** Ctrl or Cmd with a press, or Alt with Enter. */
  readonly onFollow?: (cell: GridCell, how: "go" | "peek") => void;
  readonly onActive?: (cell: GridCell) => void;
  /** Cells that are to be changed look it. */
  readonly look?: ((row: number, column: number) => CellLook | undefined) | undefined;
  /** Rows that are selected as a whole. */
  readonly chosen?: ((row: number) => boolean) | undefined;
  /** Asked before a key means anything else on a cell; whether it was taken. A grid that is edited has it. */
  readonly onKey?:
    | ((event: KeyboardEvent, cell: GridCell, range: GridRange | undefined) => boolean)
    | undefined;
  /** Another object: the active cell goes there. */
  readonly moveTo?: GridCell | undefined;
  /** The first and the last row in sight, whenever they change. */
  readonly onView?: (first: number, last: number) => void;
  /** Ctrl or Cmd with Home or End, where there is more than the rows that are given. */
  readonly onEnd?: (end: "first" | "last") => void;
  /** A column that stays in sight, where it is narrow enough. */
  readonly pinned?: number | undefined;
  /** That row comes to the top and gets the active cell. */
  readonly goTo?: GridGoal | undefined;
  readonly className?: string;
}

const headHeight = 44;
/** More of it would leave too little for the others, px. */
const widestPinned = 200;
/** Rows made beyond the visible ones, so that a scroll shows no gap. */
const overscan = 8;

/**
 * A grid of text cells that makes only what is in sight: any number of rows and columns scrolls smoothly. Rows have
 * one height. One cell is active; arrows, Home, End and the page keys move it, with Shift they select
 * (WAI-ARIA grid pattern).
 */
export function DataGrid(props: Props) {
  const { label, columns, rows, rowCount, words, rowLabel, base = 0, sort, className } = props;
  const { onOpen, onCopy, onSort, onFollow, onEnd } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  /** Both in lasting rows. */
  const [active, setActive] = useState<GridCell>({ row: base, column: 0 });
  const [anchor, setAnchor] = useState<GridCell>();
  /** What is selected is whole rows. */
  const [wholeRows, setWholeRows] = useState(false);
  const { layout, onWidth } = useLayout(columns, rows, rowCount);
  const rowHeight = useRowHeight();
  const [view, look] = useView(box, rowHeight);
  useSteady(box, base, rowHeight, look);

  // The active row may have gone with its window.
  const activeRow = active.row === headRow ? headRow : clamp(active.row - base, 0, rowCount - 1);
  const lastNumber = props.rowNumber?.(rowCount - 1) ?? String(rowCount);
  const numberWidth = 16 + 8 * Math.max(3, lastNumber.length);
  const firstRow = Math.max(0, Math.floor(view.top / rowHeight) - overscan);
  const lastRow = Math.min(rowCount, Math.ceil((view.top + view.height) / rowHeight) + overscan);
  const [firstColumn, lastColumn] = layout.between(view.left, view.left + view.width);
  const isPinned =
    props.pinned !== undefined && props.pinned >= 0 && layout.width(props.pinned) <= widestPinned;
  const pinned = isPinned ? (props.pinned ?? -1) : -1;
  const cells = rangeOf(
    { row: activeRow, column: active.column },
    anchor && { ...anchor, row: anchor.row - base },
  );
  const range = wholeRows && cells ? { ...cells, left: 0, right: columns.length - 1 } : cells;
  const isRange = anchor !== undefined || wholeRows;

  const reveal = useCallback(
    (cell: GridCell) => {
      const element = box.current;
      if (element === null) return;
      const top = Math.max(0, cell.row) * rowHeight;
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
    [layout, numberWidth, rowHeight],
  );

  const { onActive, onView, goTo } = props;
  useEffect(() => {
    if (activeRow >= 0) onActive?.({ row: activeRow, column: active.column });
  }, [activeRow, active.column, onActive]);

  const topRow = Math.floor(view.top / rowHeight);
  const bottomRow = Math.min(rowCount, Math.ceil((view.top + view.height - headHeight) / rowHeight)) - 1;
  useEffect(() => {
    if (rowCount > 0) onView?.(topRow, Math.max(topRow, bottomRow));
  }, [topRow, bottomRow, rowCount, onView]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only another turn goes there
  useLayoutEffect(() => {
    const element = box.current;
    if (goTo === undefined || element === null) return;
    element.scrollTop = goTo.row * rowHeight;
    setActive((before) => ({ row: base + goTo.row, column: before.column }));
    setAnchor(undefined);
    look();
  }, [goTo?.turn]);

  function press(cell: GridCell, extend: boolean): void {
    setAnchor(extend ? (anchor ?? active) : undefined);
    setWholeRows(wholeRows && extend);
    setActive({ row: cell.row === headRow ? headRow : base + cell.row, column: cell.column });
  }

  const { moveTo } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another object goes there
  useLayoutEffect(() => {
    if (moveTo === undefined) return;
    press(moveTo, false);
    reveal(moveTo);
    look();
  }, [moveTo]);

  function onKeyDown(event: KeyboardEvent): void {
    if (columns.length === 0 || event.target !== event.currentTarget) return;
    const far = event.ctrlKey || event.metaKey;
    const cell = { row: activeRow, column: active.column };
    const isHead = activeRow === headRow;
    if (!isHead && rowCount > 0 && props.onKey?.(event, cell, range)) {
      event.preventDefault();
      return;
    }
    if (event.key === "Enter") {
      event.preventDefault();
      if (isHead) onSort?.(active.column, event.shiftKey);
      else if (rowCount === 0) return;
      else if (event.altKey) onFollow?.(cell, "peek");
      else if (far) onFollow?.(cell, "go");
      else onOpen(cell);
      return;
    }
    if (isHead && far && event.shiftKey && /^Arrow(Left|Right)$/.test(event.key)) {
      event.preventDefault();
      onWidth(active.column, layout.width(active.column) + (event.key === "ArrowLeft" ? -16 : 16));
      return;
    }
    if (event.altKey) return;
    if (far && event.key.toLowerCase() === "c") {
      // What a person has marked with the mouse is copied by the browser.
      if (window.getSelection()?.toString()) return;
      event.preventDefault();
      if (range !== undefined) onCopy(range);
      return;
    }
    if (far && onEnd !== undefined && (event.key === "Home" || event.key === "End")) {
      event.preventDefault();
      onEnd(event.key === "Home" ? "first" : "last");
      return;
    }
    if (event.key === " " && !far && !isHead) {
      event.preventDefault();
      setWholeRows(!wholeRows);
      return;
    }
    const page = Math.max(1, Math.floor((view.height - headHeight) / rowHeight) - 1);
    const next = movedCell(cell, event, {
      rows: rowCount,
      columns: columns.length,
      page,
      head: onSort !== undefined,
    });
    if (next === undefined) return;
    event.preventDefault();
    press(next, event.shiftKey && next.row !== headRow && !isHead);
    reveal(next);
  }

  const isActiveMade =
    activeRow === headRow
      ? active.column >= firstColumn && active.column < lastColumn
      : activeRow >= firstRow &&
        activeRow < lastRow &&
        active.column >= firstColumn &&
        active.column < lastColumn;
  const pinnedAt = useMemo(() => ({ left: numberWidth, height: headHeight }), [numberWidth]);
  const activeId =
    activeRow === headRow ? `${id}-head-${active.column}` : `${id}-${base + activeRow}-${active.column}`;

  return (
    <div className="relative flex min-h-0 flex-col after:pointer-events-none after:absolute after:inset-0 after:z-30 has-[[role=grid]:focus-visible]:after:outline-2 has-[[role=grid]:focus-visible]:after:outline-accent has-[[role=grid]:focus-visible]:after:-outline-offset-2">
      <div
        ref={box}
        role="grid"
        aria-label={label}
        aria-rowcount={rowCount + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable
        aria-readonly={props.onKey === undefined}
        tabIndex={0}
        {...(isActiveMade && { "aria-activedescendant": activeId })}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          const cell = cellOf(event, base);
          if (cell === undefined) return;
          press(cell, event.shiftKey);
          if (event.ctrlKey || event.metaKey) onFollow?.(cell, "go");
        }}
        onDoubleClick={(event) => {
          const cell = cellOf(event, base);
          if (cell !== undefined) onOpen(cell);
        }}
        className={classes(
          "group relative overflow-auto overscroll-contain bg-surface font-mono text-fact outline-none",
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
              className="sticky left-0 z-20 h-full border-line border-r bg-sunken"
              style={{ width: numberWidth }}
            >
              <span className="sr-only">#</span>
            </div>
            {[
              ...span(firstColumn, lastColumn).filter((index) => index !== pinned),
              ...(isPinned ? [pinned] : []),
            ].map((index) => {
              const column = columns[index];
              return (
                column && (
                  <DataGridHead
                    key={index}
                    id={id}
                    index={index}
                    column={column}
                    left={numberWidth + layout.left(index)}
                    width={layout.width(index)}
                    pinnedAt={index === pinned ? pinnedAt : undefined}
                    isActive={activeRow === headRow && active.column === index}
                    sorted={sortedBy(sort, index)}
                    onSort={onSort}
                    onWidth={onWidth}
                  />
                )
              );
            })}
          </div>
          {span(firstRow, lastRow).map((row) => {
            const isSelected = range !== undefined && row >= range.top && row <= range.bottom;
            return (
              <DataGridRow
                key={base + row}
                id={id}
                row={row}
                lastingRow={base + row}
                cells={rows.at(row)}
                columns={columns}
                layout={layout}
                firstColumn={firstColumn}
                lastColumn={lastColumn}
                numberWidth={numberWidth}
                pinned={pinned}
                top={headHeight + row * rowHeight}
                height={rowHeight}
                activeColumn={activeRow === row ? active.column : -1}
                selectedFrom={isSelected && isRange ? range.left : -1}
                selectedTo={isSelected && isRange ? range.right : -1}
                label={rowLabel(row + 1)}
                number={props.rowNumber?.(row) ?? String(row + 1)}
                mark={props.rowMark?.(row)}
                chosen={props.chosen?.(row) === true}
                look={props.look}
                words={words}
                cutLength={props.cutLength}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The cell that a press fell on, by its id. */
function cellOf({ target }: MouseEvent, base: number): GridCell | undefined {
  const found = target instanceof Element ? target.closest('[role="gridcell"]') : null;
  const [, row, column] = /-(\d+)-(\d+)$/.exec(found?.id ?? "") ?? [];
  return row === undefined || column === undefined
    ? undefined
    : { row: Number(row) - base, column: Number(column) };
}

function rangeOf(active: GridCell, anchor: GridCell | undefined): GridRange | undefined {
  if (active.row < 0) return undefined;
  const other = anchor ?? active;
  return {
    top: Math.max(0, Math.min(active.row, other.row)),
    bottom: Math.max(active.row, other.row),
    left: Math.min(active.column, other.column),
    right: Math.max(active.column, other.column),
  };
}

function sortedBy(sort: readonly GridSort[] | undefined, column: number) {
  const at = sort?.findIndex((one) => one.column === column) ?? -1;
  const found = sort?.[at];
  return found && { descending: found.descending, rank: (sort?.length ?? 0) > 1 ? at + 1 : undefined };
}

/** Kept while more rows arrive: columns do not jump. */
function useLayout(columns: readonly GridColumn[], rows: GridRows, rowCount: number) {
  const known = useRef<{
    columns: readonly GridColumn[];
    measured: boolean;
    widths: readonly number[];
  }>(undefined);
  const [given, setGiven] = useState<ReadonlyMap<number, number>>(new Map());
  const measured = rowCount > 0;
  if (known.current?.columns !== columns || known.current.measured !== measured) {
    known.current = { columns, measured, widths: columnWidths(columns, rows, rowCount) };
  }
  const { widths } = known.current;
  const layout: GridLayout = useMemo(() => gridLayout(widths, given), [widths, given]);
  const onWidth = useCallback((column: number, width: number | undefined) => {
    setGiven((before) => {
      const next = new Map(before);
      if (width === undefined) next.delete(column);
      else next.set(column, Math.max(narrowest / 2, Math.round(width)));
      return next;
    });
  }, []);
  return { layout, onWidth };
}

/** Rows that came before the others, or went from there, leave what is in sight where it is. */
function useSteady(
  box: React.RefObject<HTMLDivElement | null>,
  base: number,
  rowHeight: number,
  look: () => void,
): void {
  const last = useRef(base);
  useLayoutEffect(() => {
    const element = box.current;
    const moved = last.current - base;
    last.current = base;
    if (element === null || moved === 0) return;
    element.scrollTop += moved * rowHeight;
    look();
  }, [base, box, rowHeight, look]);
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}

function span(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
