"use client";

import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useState } from "react";
import type { GridCell, GridRange } from "#components/data-grid-column.ts";
import type { Cell } from "#lib/change/shapes.ts";
import type { EditingHere } from "./editing-here.ts";
import { isGridSeen } from "./is-grid-seen.ts";
import { keyAct } from "./key-act.ts";
import {
  addRow,
  changeNewRow,
  copiedCells,
  dropRows,
  isDefault,
  pendingCell,
  pendingRow,
  rowName,
  type ShownRow,
  toggleDeleted,
  undoCell,
} from "./pending-changes.ts";
import type { useCellEditor } from "./use-cell-editor.ts";
import { useSayWhy } from "./use-say-why.ts";

interface Chosen {
  /** The row that the grid's active cell is in. */
  readonly active: number;
  /** Rows that are selected as a whole, by their names. */
  readonly chosen: ReadonlyMap<string, ShownRow>;
  readonly setChosen: (rows: ReadonlyMap<string, ShownRow>) => void;
  /** Of the table: a copy of a row leaves it out. */
  readonly key: readonly string[] | null;
  readonly setNewActive: (name: string) => void;
}

export const noneChosen: ReadonlyMap<string, ShownRow> = new Map();

/** What is done with whole rows and ranges of cells, and the keys for it, in the grid and in that of the new rows. */
export function useRowActs(
  here: EditingHere,
  { openRow, openNew, keep, goToNew }: ReturnType<typeof useCellEditor>,
  { active, chosen, setChosen, key, setNewActive }: Chosen,
) {
  const { columns, names, held, base, editable, why, rules } = here;
  const { pending, newRows, change, shownRow, nameAt, grid, newPlace, say } = here;
  const { whyNot, canDefault } = rules;
  const t = useTranslations("changes");
  const sayWhy = useSayWhy(say);

  function rowsOf(range: GridRange | undefined): readonly number[] {
    const { top, bottom } = range ?? { top: active, bottom: active };
    return Array.from({ length: Math.min(bottom - top + 1, mostRows) }, (_, at) => top + at);
  }
  function targets(range: GridRange | undefined): readonly ShownRow[] {
    if (chosen.size > 0) return [...chosen.values()];
    return rowsOf(range).flatMap((at) => shownRow(at) ?? []);
  }
  function putIn(range: GridRange | undefined, value: Cell): void {
    if (range === undefined || (editable === undefined && why === undefined)) return;
    for (const at of rowsOf(range)) {
      const row = shownRow(at);
      if (row === undefined) continue;
      for (let column = range.left; column <= range.right; column += 1) {
        const facts = columns[column];
        if (facts === undefined) continue;
        const reason = whyNot(facts.name, false);
        if (reason !== undefined) sayWhy(reason);
        else if (value === null && facts.notNull) say(t("said.notNull", { column: facts.name }));
        else if (isDefault(value) && !canDefault(facts, false))
          say(t("said.noDefault", { column: facts.name }));
        else keep({ kind: "row", shown: row, lasting: base + at }, [{ column: facts.name, value }]);
      }
    }
  }
  function remove(range?: GridRange): void {
    const reason = why ?? editable?.delete;
    if (reason !== null && reason !== undefined) sayWhy(reason);
    if (editable === undefined || (reason !== null && reason !== undefined)) return;
    const rowsNow = targets(range);
    change((before) => toggleDeleted(before, rowsNow));
    setChosen(noneChosen);
  }
  function add(copies: readonly ShownRow[] = []): void {
    const reason = why ?? editable?.insert;
    if (reason !== null && reason !== undefined) sayWhy(reason);
    if (editable === undefined || (reason !== null && reason !== undefined)) return;
    const left = new Set<string>();
    const takes = (column: string) => whyNot(column, true) === undefined;
    const made = copies.map((row) => {
      const before = pending === undefined ? undefined : pendingRow(pending, rowName(row.row));
      const copied = copiedCells(columns, before?.kind === "update" ? before : row, before, {
        takes,
        key,
      });
      for (const column of copied.left) left.add(column);
      return copied.cells;
    });
    change((before) =>
      (made.length === 0 ? [[]] : made).reduce((next, cells) => addRow(next, cells)[0], before),
    );
    say(left.size > 0 ? t("said.leftOut", { columns: [...left].join(", ") }) : "");
    setChosen(noneChosen);
    const first = columns.findIndex(
      ({ name, default: preset, generated }) => takes(name) && preset === null && generated === null,
    );
    const cell = { row: newRows.length, column: Math.max(0, first) };
    goToNew(cell);
    setAdded({ ...cell, edit: made.length === 0 && first >= 0 });
  }
  /** A row that was just added is gone to, once it is there. */
  const [added, setAdded] = useState<GridCell & { readonly edit: boolean }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a row
  useEffect(() => {
    const row = added === undefined ? undefined : newRows[added.row];
    if (added === undefined || row === undefined) return;
    setAdded(undefined);
    setNewActive(row.name);
    newPlace.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
    if (added.edit && isGridSeen(grid.current)) openNew(added.row, added.column);
  }, [added, newRows]);

  function onGridKey(event: KeyboardEvent, cell: GridCell, range: GridRange | undefined): boolean {
    const act = keyAct(event);
    switch (act) {
      case "null":
      case "default":
        putIn(range, act === "null" ? null : { default: true });
        return true;
      case "add":
      case "copy":
        add(act === "copy" ? targets(range) : []);
        return true;
      case "edit":
        openRow(cell.row, cell.column);
        return true;
      case "open":
        return edit(cell);
      case "undo":
        return undo(cell);
      case "delete":
        remove(range);
        return true;
      case "choose":
        if (editable?.delete !== null && editable?.insert !== null) return false;
        choose(range ?? { top: cell.row, bottom: cell.row, left: 0, right: 0 });
        return true;
      default:
        return false;
    }
  }
  /** A cut value is looked at first; there it can be edited, too. */
  function edit({ row, column }: GridCell): boolean {
    const name = nameAt[row] ?? "";
    const typed = pendingCell(pending && pendingRow(pending, name), names[column] ?? "");
    if (held.cut[row]?.has(column) === true && typed === undefined) return false;
    return openRow(row, column);
  }
  function undo({ row, column }: GridCell): boolean {
    const name = nameAt[row];
    const before = pending && pendingRow(pending, name);
    if (name !== undefined && pendingCell(before, names[column] ?? "") !== undefined) {
      change((now) => undoCell(now, name, names[column] ?? ""));
      return true;
    }
    if (chosen.size === 0) return false;
    setChosen(noneChosen);
    return true;
  }
  function choose({ top, bottom }: GridRange): void {
    const rowsNow = rowsOf({ top, bottom, left: 0, right: 0 }).flatMap((at) => shownRow(at) ?? []);
    const all = rowsNow.every(({ row }) => chosen.has(rowName(row) ?? ""));
    const next = new Map(chosen);
    for (const row of rowsNow) {
      if (all) next.delete(rowName(row.row) ?? "");
      else next.set(rowName(row.row) ?? "", row);
    }
    setChosen(next);
    say(t("said.chosen", { count: next.size }));
  }
  function onNewKey(event: KeyboardEvent, { row, column }: GridCell): boolean {
    const act = keyAct(event);
    const name = newRows[row]?.name ?? "";
    const facts = columns[column];
    switch (act) {
      case "null":
      case "default": {
        if (facts === undefined) return false;
        const reason = whyNot(facts.name, true);
        const value = act === "null" ? null : ({ default: true } as const);
        if (reason !== undefined) sayWhy(reason);
        else change((before) => changeNewRow(before, name, [{ column: facts.name, value }]));
        return true;
      }
      case "add":
      case "copy":
        add();
        return true;
      case "edit":
      case "open":
        return openNew(row, column);
      case "undo":
        change((before) => undoCell(before, name, facts?.name ?? ""));
        return true;
      case "delete":
        change((before) => dropRows(before, [name]));
        if (newRows.length === 1) grid.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
        return true;
      default:
        return false;
    }
  }

  return { targets, remove, add, edit, onGridKey, onNewKey };
}

/** Rows that one key press changes at most: as many as one set takes. */
const mostRows = 1_000;
