// biome-ignore-all lint/a11y/useSemanticElements: a table cannot leave out the rows that are not in sight
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and names its active cell
import { memo, type ReactNode } from "react";
import { CellText } from "./cell-text.tsx";
import type { GridColumn } from "./data-grid-column.ts";
import type { GridLayout } from "./data-grid-layout.ts";
import { classes } from "./ui/classes.ts";

interface Props {
  /** Id of the grid: a cell's is `id-row-column`. */
  readonly id: string;
  readonly row: number;
  readonly cells: readonly (string | null)[] | undefined;
  readonly columns: readonly GridColumn[];
  readonly layout: GridLayout;
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly numberWidth: number;
  readonly top: number;
  readonly height: number;
  /** -1 where the active cell is in another row. */
  readonly activeColumn: number;
  readonly label: string;
  readonly nullText: string;
}

/** One row. Remembered by React: of a scroll, only the rows that come into sight are made. */
export const DataGridRow = memo(function DataGridRow(props: Props) {
  const { id, row, cells, columns, layout, numberWidth, activeColumn, nullText } = props;
  const made: ReactNode[] = [];
  for (let column = props.firstColumn; column < props.lastColumn; column += 1) {
    const isActive = activeColumn === column;
    made.push(
      <div
        key={column}
        id={`${id}-${row}-${column}`}
        role="gridcell"
        aria-colindex={column + 2}
        aria-selected={isActive}
        className={classes(
          "absolute top-0 h-full overflow-hidden text-ellipsis whitespace-pre border-line/60 border-r px-2 leading-7",
          columns[column]?.numeric && "text-right",
          isActive &&
            "group-focus:bg-accent-soft group-focus:outline-2 group-focus:outline-accent group-focus:-outline-offset-2",
        )}
        style={{ left: numberWidth + layout.left(column), width: layout.width(column) }}
      >
        {shown(cells?.[column], nullText)}
      </div>,
    );
  }
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      className={classes(
        "absolute left-0 w-full border-line/60 border-b [contain:layout_style]",
        row % 2 === 1 && "bg-canvas/60",
      )}
      style={{ top: props.top, height: props.height }}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        aria-label={props.label}
        className="sticky left-0 z-10 flex h-full select-none items-center justify-end border-line border-r bg-sunken px-2 text-[0.6875rem] text-muted"
        style={{ width: numberWidth }}
      >
        {row + 1}
      </div>
      {made}
    </div>
  );
});

/** Signs of a value that a cell shows; the whole is a key away. */
const shownSigns = 250;

function shown(text: string | null | undefined, nullText: string): ReactNode {
  if (text === null || text === undefined) {
    return <span className="select-none text-muted italic">{nullText}</span>;
  }
  const short = text.length > shownSigns ? `${text.slice(0, shownSigns)}…` : text;
  // Most values: nothing can hide in these signs.
  return /^[ -~]*$/.test(short) ? short : <CellText text={short} />;
}
