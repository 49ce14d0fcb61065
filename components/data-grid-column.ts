export interface GridColumn {
  readonly name: string;
  /** A second, quieter line under the name. */
  readonly detail: string;
  /** Numbers stand at the right. */
  readonly numeric: boolean;
  /** Its values lead somewhere: they look it. */
  readonly leads?: boolean;
}

/** Rows by their number: an array has it, too. */
export interface GridRows {
  at(row: number): readonly (string | null)[] | undefined;
}

export interface GridCell {
  readonly row: number;
  readonly column: number;
}

/** A rectangle of cells, its last row and column included. */
export interface GridRange {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export interface GridSort {
  readonly column: number;
  readonly descending: boolean;
}

/** A row that is to come to the top. */
export interface GridGoal {
  readonly row: number;
  /** Another object goes there again. Made where something has happened, not where a state is worked out: React may do that anew. */
  readonly turn: object;
}

/** What became of a row since it was first shown; or what is to become of it. */
export type RowMark = "changed" | "new" | "gone" | "edited" | "deleted" | "conflict" | "added";

/** A cell that is to be changed: into what it shows, or into its column's default; or one that has that anyway; or one that lacks a value. */
export type CellLook = "changed" | "default" | "preset" | "required";

/** What is written for what has no text of its own. */
export interface GridWords {
  readonly null: string;
  /** An empty text: it would look like nothing at all. */
  readonly empty: string;
  /** A cell that lacks a value. */
  readonly required?: string;
  /** The whole length of a value that is cut. */
  readonly cut?: (length: number) => string;
  readonly marks?: Readonly<Partial<Record<RowMark, string>>>;
}
