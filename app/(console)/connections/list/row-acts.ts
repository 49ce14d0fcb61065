import type { RowView } from "./list-view.ts";

/** What can be done with a row; the same functions for as long as the list stands. */
export interface RowActs {
  readonly select: (row: RowView, on: boolean) => void;
  readonly test: (row: RowView) => void;
  readonly duplicate: (row: RowView) => void;
  readonly copyAs: (row: RowView) => void;
  readonly group: (row: RowView) => void;
  readonly tags: (row: RowView) => void;
  readonly favourite: (row: RowView) => void;
  readonly remove: (row: RowView) => void;
  readonly goTo: (href: string) => void;
}
