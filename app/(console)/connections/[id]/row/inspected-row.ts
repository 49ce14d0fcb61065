import type { ReactNode } from "react";
import type { ColumnFacts, ReferenceFacts, Value } from "#lib/browse/shapes.ts";

/** The row that the active cell is in, for the pane beside the grid. */
export interface InspectedRow {
  /** Of its page, as the grid numbers it. */
  readonly number: string;
  readonly columns: readonly ColumnFacts[];
  readonly values: readonly Value[];
  readonly cut: ReadonlyMap<number, number> | undefined;
  readonly references: readonly ReferenceFacts[];
  readonly referencedBy: readonly ReferenceFacts[];
  readonly onOpen: (column: number) => void;
  /** Stands for its values where they can be changed. */
  readonly form?: ReactNode;
}
