import type { TableWriting } from "../changes/grid-editing.ts";
import type { TableName, TablePart, TableView } from "../place.ts";
import type { InspectedRow } from "../row/inspected-row.ts";
import type { Target } from "./targets.ts";

export interface TablePaneProps {
  readonly connectionId: string;
  readonly table: TableName;
  readonly part: TablePart;
  readonly view: TableView;
  /** Whether it is the one in sight. */
  readonly shown: boolean;
  readonly onPart: (part: TablePart) => void;
  /** Other rows are wanted: a step that Back undoes. */
  readonly onView: (view: TableView) => void;
  /** Other rows are in sight. */
  readonly onSeen: (view: TableView) => void;
  readonly onRow: (row: InspectedRow | undefined) => void;
  readonly onGo: (target: Target) => void;
  /** Left out, the table is only read. */
  readonly writing?: TableWriting | undefined;
}
