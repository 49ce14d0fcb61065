import type { ColumnFacts } from "#lib/browse/shapes.ts";
import type { Cell } from "#lib/change/shapes.ts";
import type { ShownRow } from "./pending-changes.ts";

/** Where the person goes when a cell is done. */
export type Move = "stay" | "next" | "previous" | "elsewhere";

/** The table that a column refers to, and which of the key's columns it is. */
export interface CellReference {
  readonly schema: string;
  readonly table: string;
  /** Columns here, and those there, in the same order. */
  readonly columns: readonly string[];
  readonly foreignColumns: readonly string[];
}

export interface DoneCell {
  readonly column: string;
  readonly value: Cell;
}

/** Where a cell is edited: in a row of the grid, or in a new one. */
export type Place =
  | { readonly kind: "row"; readonly shown: ShownRow; readonly lasting: number }
  | { readonly kind: "new"; readonly name: string; readonly index: number };

export interface CellEditorProps {
  readonly connectionId: string;
  readonly facts: ColumnFacts;
  /** Its accessible name. */
  readonly label: string;
  readonly start: Cell;
  readonly canDefault: boolean;
  readonly reference?: CellReference | undefined;
  readonly onDone: (cells: readonly DoneCell[], move: Move) => void;
  readonly onCancel: () => void;
}
