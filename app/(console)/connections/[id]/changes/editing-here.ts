import type { RefObject } from "react";
import type { ColumnFacts } from "#lib/browse/shapes.ts";
import type { Editable, NotEditable } from "#lib/change/shapes.ts";
import type { TableName } from "../place.ts";
import type { CellRules } from "./cell-rules.ts";
import type { PendingChanges, PendingRow, ShownRow } from "./pending-changes.ts";
import type { HeldRows } from "./use-laid-over.ts";

/** A table that is edited, as it stands now: what all that a person does there is done with. */
export interface EditingHere {
  readonly connectionId: string;
  readonly table: TableName;
  readonly columns: readonly ColumnFacts[];
  readonly names: readonly string[];
  /** Of each column of the grid, which of the table's it is. */
  readonly gridOrder: readonly (number | undefined)[];
  readonly held: HeldRows;
  /** The lasting number of the first row that is held. */
  readonly base: number;
  /** Undefined while it is not known. */
  readonly editable: Editable | undefined;
  /** Why nothing at all can be changed. */
  readonly why: NotEditable | undefined;
  readonly rules: CellRules;
  readonly pending: PendingChanges | undefined;
  /** Those of the pending rows that are to be added. */
  readonly newRows: readonly PendingRow[];
  readonly change: (how: (before: PendingChanges) => PendingChanges) => void;
  /** A row of the grid, as a change knows it; undefined where nothing finds it again. */
  readonly shownRow: (at: number) => ShownRow | undefined;
  /** Names of the grid's rows. */
  readonly nameAt: readonly (string | undefined)[];
  /** What holds the grid, and that of the new rows. */
  readonly grid: RefObject<HTMLElement | null>;
  readonly newPlace: RefObject<HTMLElement | null>;
  /** Told to the person, and read out. */
  readonly say: (text: string) => void;
}
