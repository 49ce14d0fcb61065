import type { KeyboardEvent, ReactNode } from "react";
import type { CellLook, GridCell, GridRange, RowMark } from "#components/data-grid-column.ts";
import type { Value } from "#lib/browse/shapes.ts";
import type { InspectedRow } from "../row/inspected-row.ts";

/** Whether, and how, a table of this connection may be written to; the server decides it again for each change. */
export interface TableWriting {
  /** Of the connection, by which the page was opened. */
  readonly rev: number;
  readonly may: boolean;
  readonly production: boolean;
  /** What unlocks writing, where the connection is locked. */
  readonly unlock: ReactNode;
}

/** What the grid of a table shows and does besides, once its rows can be changed. Rows are those that are held. */
export interface GridEditing {
  /** With what is pending laid over them. */
  readonly rows: readonly (readonly Value[])[];
  readonly look: (row: number, column: number) => CellLook | undefined;
  readonly mark: (row: number) => RowMark | undefined;
  readonly chosen: (row: number) => boolean;
  readonly words: Readonly<Partial<Record<RowMark, string>>>;
  /** @returns whether the key meant something */
  readonly onKey: (event: KeyboardEvent, cell: GridCell, range: GridRange | undefined) => boolean;
  /** @returns whether the cell is edited by now: otherwise it is only looked at */
  readonly edit: (cell: GridCell) => boolean;
  /** Of a cut value, which is looked at first: how it is edited then. */
  readonly editWhole: (cell: GridCell) => (() => void) | undefined;
  readonly editLabel: string;
  /** All columns of one row, to be changed. */
  readonly form: (row: number) => ReactNode;
  /** A new row that is looked at, instead of one of the grid's. */
  readonly inspected: InspectedRow | undefined;
  /** Another object: the grid goes to that cell. */
  readonly moveTo: GridCell | undefined;
}
