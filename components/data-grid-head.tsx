// biome-ignore-all lint/a11y/useSemanticElements: a table cannot leave out the columns that are not in sight
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and names its active cell
import { ArrowDown, ArrowUp } from "lucide-react";
import { memo, type PointerEvent, useRef } from "react";
import { CellText } from "./cell-text.tsx";
import type { GridColumn } from "./data-grid-column.ts";
import { classes } from "./ui/classes.ts";

interface Props {
  readonly id: string;
  readonly index: number;
  readonly column: GridColumn;
  readonly left: number;
  readonly width: number;
  /** Where it stays when others scroll away; undefined for those that do. */
  readonly pinnedAt?: { readonly left: number; readonly height: number } | undefined;
  readonly isActive: boolean;
  /** Undefined where it is not sorted by; its rank is told where others come before it. */
  readonly sorted: { readonly descending: boolean; readonly rank: number | undefined } | undefined;
  readonly onSort: ((column: number, add: boolean) => void) | undefined;
  /** Undefined: as wide as its values need. */
  readonly onWidth: (column: number, width: number | undefined) => void;
}

/** The head of a column: pressed, it sorts; its right edge is dragged, or pressed twice, for another width. */
export const DataGridHead = memo(function DataGridHead(props: Props) {
  const { id, index, column, left, width, pinnedAt, isActive, sorted, onSort, onWidth } = props;
  const { name, detail, numeric } = column;
  const Arrow = sorted?.descending ? ArrowDown : ArrowUp;
  return (
    <div
      id={`${id}-head-${index}`}
      role="columnheader"
      aria-colindex={index + 2}
      {...(sorted && { "aria-sort": sorted.descending ? ("descending" as const) : ("ascending" as const) })}
      title={`${name} · ${detail}`}
      className={classes(
        "h-full border-line border-r",
        pinnedAt === undefined ? "absolute top-0" : "sticky z-20 bg-sunken",
        isActive && "group-focus:outline-2 group-focus:outline-accent group-focus:-outline-offset-2",
      )}
      style={
        pinnedAt === undefined
          ? { left, width }
          : { left: pinnedAt.left, marginLeft: left, marginTop: -pinnedAt.height, width }
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the grid has the focus; Enter on its head does the same */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above */}
      <div
        onClick={({ shiftKey }) => onSort?.(index, shiftKey)}
        className={classes(
          "flex h-full flex-col justify-center overflow-hidden px-2",
          numeric && "text-right",
          onSort && "cursor-pointer hover:bg-line/40",
        )}
      >
        <span className="truncate font-medium">
          {sorted && <Arrow aria-hidden className="-mt-px mr-0.5 inline size-3 text-accent" />}
          {sorted?.rank !== undefined && <sub className="mr-1 text-mini text-muted">{sorted.rank}</sub>}
          <CellText text={name} />
        </span>
        <span className="truncate text-muted text-xs">{detail}</span>
      </div>
      <Edge width={width} onWidth={(next) => onWidth(index, next)} />
    </div>
  );
});

function Edge({ width, onWidth }: { width: number; onWidth: (width: number | undefined) => void }) {
  const begun = useRef<{ readonly at: number; readonly width: number }>(undefined);
  const onMove = ({ clientX }: PointerEvent) => {
    if (begun.current !== undefined) onWidth(begun.current.width + clientX - begun.current.at);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: by keyboard, Ctrl+Shift and an arrow do it from the head
    <div
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        begun.current = { at: event.clientX, width };
      }}
      onPointerMove={onMove}
      onPointerUp={() => {
        begun.current = undefined;
      }}
      onDoubleClick={() => onWidth(undefined)}
      className="absolute top-0 -right-1 z-10 h-full w-2 cursor-col-resize touch-none hover:bg-accent/40"
    />
  );
}
