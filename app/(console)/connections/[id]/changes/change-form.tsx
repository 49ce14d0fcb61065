"use client";

import type { ColumnFacts, Value } from "#lib/browse/shapes.ts";
import type { DoneCell, Place } from "./cell-editing.ts";
import { startOf } from "./cell-editor.tsx";
import type { CellRules } from "./cell-rules.ts";
import {
  dropRows,
  isDefault,
  type PendingChanges,
  pendingCell,
  pendingRow,
  type ShownRow,
  toggleDeleted,
  undoCell,
} from "./pending-changes.ts";
import { type FormCell, RowForm, type StoredValue } from "./row-form.tsx";

interface Props {
  readonly connectionId: string;
  readonly place: Place;
  /** Of the row; undefined where nothing finds it again. */
  readonly name: string | undefined;
  readonly columns: readonly ColumnFacts[];
  readonly pending: PendingChanges | undefined;
  readonly rules: CellRules;
  readonly isConflict: boolean;
  readonly mayDelete: boolean;
  readonly onCells: (cells: readonly DoneCell[], was?: StoredValue) => void;
  readonly onWhole: (row: ShownRow, column: string, then: (value: Value) => void) => void;
  readonly onReview: () => void;
  readonly onChange: (how: (before: PendingChanges) => PendingChanges) => void;
}

/** One row with what is to become of it, to be changed column by column. */
export function ChangeForm(props: Props) {
  const { connectionId, place, name, columns, pending, rules, isConflict, mayDelete } = props;
  const { onCells, onWhole, onReview, onChange } = props;
  const isNew = place.kind === "new";
  const before = pending === undefined ? undefined : pendingRow(pending, name);
  const seen = isNew ? undefined : place.shown.seen;
  const cells = columns.map((facts, at): FormCell => {
    const typed = before?.kind === "delete" ? undefined : pendingCell(before, facts.name);
    return {
      facts,
      shown: startOf(typed, seen === undefined ? undefined : (seen.values[at] ?? null)),
      changed: typed !== undefined && !(isNew && isDefault(typed)),
      cut: seen?.cut.find(({ column }) => column === at)?.length,
      why: name === undefined ? "no-identity" : rules.whyNot(facts.name, isNew),
      canDefault: rules.canDefault(facts, isNew),
      required: isNew && rules.required.has(facts.name),
      reference: rules.referenceOf(facts.name),
    };
  });
  return (
    <RowForm
      connectionId={connectionId}
      cells={cells}
      state={isNew ? "new" : isConflict ? "conflict" : before?.kind === "delete" ? "deleted" : undefined}
      onCells={onCells}
      onWhole={(column) =>
        new Promise((resolve) => {
          if (!isNew) onWhole(place.shown, column, (value) => resolve({ column, value }));
        })
      }
      count={pending?.rows.length ?? 0}
      onReview={onReview}
      onUndo={(column) => name !== undefined && onChange((now) => undoCell(now, name, column))}
      onDelete={
        mayDelete
          ? () => onChange((now) => (isNew ? dropRows(now, [place.name]) : toggleDeleted(now, [place.shown])))
          : undefined
      }
    />
  );
}
