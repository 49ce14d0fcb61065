"use client";

import { type RefObject, useCallback, useMemo } from "react";
import type { RowIdentity, Value } from "#lib/browse/shapes.ts";
import type { Conflict } from "#lib/change/shapes.ts";
import type { GridEditing } from "./grid-editing.ts";
import {
  isDefault,
  type PendingChanges,
  pendingCell,
  pendingRow,
  rowName,
  type ShownRow,
} from "./pending-changes.ts";

/** Rows that are held, as the grid has them. */
export interface HeldRows {
  readonly rows: readonly (readonly Value[])[];
  readonly identities: readonly (RowIdentity | undefined)[];
  readonly marks: readonly (string | undefined)[];
  /** The whole length of cut values, by column. */
  readonly cut: readonly (ReadonlyMap<number, number> | undefined)[];
  readonly numbers: readonly string[];
}

interface Given {
  readonly held: HeldRows;
  readonly pending: PendingChanges | undefined;
  /** Of the columns. */
  readonly names: readonly string[];
  /** The columns that tell the rows of a view apart. */
  readonly named: readonly string[] | undefined;
  /** Those that were told, by the name of the row. */
  readonly conflicts: ReadonlyMap<string, Conflict>;
  /** Versions that a settled conflict has left behind, by the name of the row. */
  readonly outdated: RefObject<ReadonlyMap<string, ReadonlySet<string | null>>>;
  readonly chosen: ReadonlyMap<string, ShownRow>;
}

export interface LaidOver extends Pick<GridEditing, "rows" | "look" | "mark" | "chosen"> {
  /** A row of the grid, as a change knows it; undefined where nothing finds it again. */
  readonly shownRow: (at: number) => ShownRow | undefined;
  readonly nameAt: readonly (string | undefined)[];
  /** Also of rows that were read again and are not what was seen. */
  readonly conflicts: ReadonlyMap<string, Conflict>;
}

/** The rows of the grid with what is pending laid over them. */
export function useLaidOver(given: Given): LaidOver {
  const { held, pending, names, named, conflicts, outdated, chosen } = given;
  const shownRow = useCallback(
    (at: number): ShownRow | undefined => {
      const identity = held.identities[at];
      const values = held.rows[at];
      if (identity === undefined || values === undefined || held.marks[at] === "gone") return undefined;
      const cut = [...(held.cut[at] ?? [])].map(([column, length]) => ({ column, length }));
      const row =
        named === undefined ? identity : { ...identity, key: keyIn(named, names, values), place: null };
      return rowName(row) === undefined ? undefined : { row, seen: { values, cut } };
    },
    [held, named, names],
  );
  const nameAt = useMemo(
    () =>
      held.identities.map((_, at) => {
        const row = pending === undefined ? undefined : shownRow(at);
        return row && rowName(row.row);
      }),
    [held, pending, shownRow],
  );

  // What was read again meanwhile tells it, too.
  const allConflicts = useMemo(() => {
    const all = new Map([...conflicts].filter(([name]) => pendingRow(pending ?? noRows, name) !== undefined));
    nameAt.forEach((name, at) => {
      const row = pending === undefined ? undefined : pendingRow(pending, name);
      const now = shownRow(at);
      if (row === undefined || row.kind === "insert" || now === undefined || name === undefined) return;
      const { version } = now.row;
      if (row.row.version === version || outdated.current.get(name)?.has(version) === true) return;
      const change = pending?.rows.indexOf(row) ?? 0;
      all.set(name, { change, why: "changed", now: now.seen, identity: now.row, reasons: [] });
    });
    return all;
  }, [conflicts, nameAt, outdated, pending, shownRow]);

  const rows = useMemo(
    () =>
      pending === undefined || pending.rows.length === 0
        ? held.rows
        : held.rows.map((values, at) => {
            const row = pendingRow(pending, nameAt[at]);
            if (row === undefined || row.cells.length === 0 || row.kind === "delete") return values;
            return values.map((value, column) => {
              const cell = pendingCell(row, names[column] ?? "");
              return cell === undefined ? value : isDefault(cell) ? null : cell;
            });
          }),
    [held, nameAt, names, pending],
  );

  const look = useCallback(
    (at: number, column: number) => {
      const row = pending === undefined ? undefined : pendingRow(pending, nameAt[at]);
      const cell = row?.kind === "update" ? pendingCell(row, names[column] ?? "") : undefined;
      return cell === undefined ? undefined : isDefault(cell) ? ("default" as const) : ("changed" as const);
    },
    [nameAt, names, pending],
  );
  const mark = useCallback(
    (at: number) => {
      const name = nameAt[at];
      const row = pending === undefined ? undefined : pendingRow(pending, name);
      if (row === undefined || name === undefined) return undefined;
      if (allConflicts.has(name)) return "conflict" as const;
      return row.kind === "delete" ? ("deleted" as const) : ("edited" as const);
    },
    [allConflicts, nameAt, pending],
  );
  const isChosen = useCallback(
    (at: number) => {
      if (chosen.size === 0) return false;
      const row = shownRow(at);
      return row !== undefined && chosen.has(rowName(row.row) ?? "");
    },
    [chosen, shownRow],
  );
  return { shownRow, nameAt, conflicts: allConflicts, rows, look, mark, chosen: isChosen };
}

const noRows: PendingChanges = { id: "", columns: [], key: null, rows: [] };

function keyIn(
  named: readonly string[],
  names: readonly string[],
  values: readonly Value[],
): readonly Value[] {
  return named.map((column) => values[names.indexOf(column)] ?? null);
}
