// biome-ignore-all lint/a11y/useSemanticElements: a table cannot leave out the rows that are not in sight
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and names its active cell
import { memo, type ReactNode } from "react";
import { CellText } from "./cell-text.tsx";
import type { CellLook, GridColumn, GridWords, RowMark } from "./data-grid-column.ts";
import type { GridLayout } from "./data-grid-layout.ts";
import { classes } from "./ui/classes.ts";

interface Props {
  /** Id of the grid: a cell's is `id-row-column`. */
  readonly id: string;
  readonly row: number;
  /** The same row for good, whatever comes before it. */
  readonly lastingRow: number;
  readonly cells: readonly (string | null)[] | undefined;
  readonly columns: readonly GridColumn[];
  readonly layout: GridLayout;
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly numberWidth: number;
  /** It stays in sight whatever the scroll; -1 for none. */
  readonly pinned: number;
  readonly top: number;
  readonly height: number;
  /** -1 where the active cell is in another row. */
  readonly activeColumn: number;
  /** Selected columns, the last included; -1 where none is. */
  readonly selectedFrom: number;
  readonly selectedTo: number;
  readonly label: string;
  readonly number: string;
  readonly mark: RowMark | undefined;
  /** Selected as a whole. */
  readonly chosen: boolean;
  readonly look: ((row: number, column: number) => CellLook | undefined) | undefined;
  readonly words: GridWords;
  /** The whole length of a cut value. */
  readonly cutLength: ((row: number, column: number) => number | undefined) | undefined;
}

const markLooks: Readonly<Record<RowMark, string>> = {
  changed: "bg-warn-soft text-warn font-semibold",
  new: "bg-success-soft text-success font-semibold",
  gone: "bg-danger-soft text-danger font-semibold",
  edited: "bg-accent-soft text-accent font-semibold",
  deleted: "bg-danger-soft text-danger font-semibold",
  conflict: "bg-danger text-danger-ink font-semibold",
  added: "bg-success-soft text-success font-semibold",
};
const markSigns: Readonly<Record<RowMark, string>> = {
  changed: "~",
  new: "+",
  gone: "−",
  edited: "✎",
  deleted: "×",
  conflict: "!",
  added: "+",
};
const cellLooks: Readonly<Record<CellLook, string>> = {
  changed: "bg-warn-soft shadow-[inset_2px_0_0_var(--color-warn)]",
  default: "bg-warn-soft shadow-[inset_2px_0_0_var(--color-warn)]",
  preset: "",
  required: "shadow-[inset_2px_0_0_var(--color-danger)]",
};

/** One row. Remembered by React: of a scroll, only the rows that come into sight are made. */
export const DataGridRow = memo(function DataGridRow(props: Props) {
  const { id, row, lastingRow, cells, columns, layout, numberWidth, activeColumn, pinned, mark, words } =
    props;
  const made: ReactNode[] = [];
  for (let column = props.firstColumn; column < props.lastColumn; column += 1)
    if (column !== pinned) make(column);
  if (pinned >= 0) make(pinned);

  function make(column: number): void {
    const isPinned = column === pinned;
    const left = numberWidth + layout.left(column);
    const isActive = activeColumn === column;
    const isSelected = column >= props.selectedFrom && column <= props.selectedTo;
    const look = props.look?.(row, column);
    const cut = look === undefined ? props.cutLength?.(row, column) : undefined;
    made.push(
      <div
        key={column}
        id={`${id}-${lastingRow}-${column}`}
        role="gridcell"
        aria-colindex={column + 2}
        aria-selected={isActive || isSelected}
        className={classes(
          "h-full overflow-clip text-ellipsis whitespace-pre border-line/60 border-r px-2",
          isPinned ? "sticky z-10" : "absolute top-0",
          isPinned && !isSelected && "bg-surface",
          columns[column]?.numeric && "text-right",
          columns[column]?.leads && cells?.[column] != null && "text-accent",
          (mark === "gone" || mark === "deleted") && "line-through",
          mark === "gone" && "opacity-70",
          look !== undefined && cellLooks[look],
          isSelected && "bg-accent-soft",
          isActive &&
            "group-focus:bg-accent-soft group-focus:outline-2 group-focus:outline-accent group-focus:-outline-offset-2",
        )}
        style={{
          width: layout.width(column),
          // In the flow it would come below the row's number.
          ...(isPinned ? { left: numberWidth, marginLeft: left, marginTop: -props.height } : { left }),
        }}
      >
        {look === "required" ? (
          <span className="select-none font-medium font-sans text-mini text-danger">{words.required}</span>
        ) : look === "default" || look === "preset" ? (
          <span
            className={classes(
              "select-none font-sans text-xs",
              look === "default" ? "text-warn" : "text-muted",
            )}
          >
            DEFAULT
          </span>
        ) : cut === undefined ? (
          shown(cells?.[column], words)
        ) : (
          <>
            <span className="float-right pl-2 font-sans text-mini text-muted">⋯ {words.cut?.(cut)}</span>
            {shown(cells?.[column], words)}
          </>
        )}
      </div>,
    );
  }
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      {...(props.chosen && { "aria-selected": true })}
      className={classes(
        "absolute left-0 w-full border-line/60 border-b [contain:layout_style]",
        props.chosen ? "bg-accent-soft" : lastingRow % 2 === 1 && "bg-canvas/60",
      )}
      style={{ top: props.top, height: props.height, lineHeight: `${props.height}px` }}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        aria-label={mark === undefined ? props.label : `${props.label}, ${words.marks?.[mark] ?? mark}`}
        className={classes(
          "sticky left-0 z-10 flex h-full select-none items-center justify-end border-line border-r px-2 font-sans text-mini",
          mark !== undefined
            ? markLooks[mark]
            : props.chosen
              ? "bg-accent text-accent-ink"
              : "bg-sunken text-muted",
        )}
        style={{ width: numberWidth }}
      >
        {mark === undefined ? props.number : markSigns[mark]}
      </div>
      {made}
    </div>
  );
});

/** Signs of a value that a cell shows; the whole is a key away. */
const shownSigns = 250;

function shown(text: string | null | undefined, words: GridWords): ReactNode {
  if (text === null || text === undefined) {
    return <span className="select-none text-muted italic">{words.null}</span>;
  }
  if (text === "") {
    return <span className="select-none rounded-xs border border-line px-1 text-muted">{words.empty}</span>;
  }
  const short = text.length > shownSigns ? `${text.slice(0, shownSigns)}…` : text;
  if (!short.startsWith(" ") && !short.endsWith(" ")) return plain(short);
  const [, before = "", middle = "", after = ""] = /^( *)(.*?)( *)$/s.exec(short) ?? [];
  // The spaces are there as such, with a dot on each: a mark with the mouse copies what the value has.
  return (
    <>
      {before !== "" && <span className="blanks">{before}</span>}
      {plain(middle)}
      {after !== "" && <span className="blanks">{after}</span>}
    </>
  );
}

/** Most values: nothing can hide in these signs. */
function plain(text: string): ReactNode {
  return /^[ -~]*$/.test(text) ? text : <CellText text={text} />;
}
