"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import type { GridCell } from "#components/data-grid-column.ts";
import type { Value } from "#lib/browse/shapes.ts";
import type { Cell } from "#lib/change/shapes.ts";
import { wholeValue } from "../table/whole-value.ts";
import type { DoneCell, Move, Place } from "./cell-editing.ts";
import { startOf } from "./cell-editor.tsx";
import { lineEnds } from "./cell-kind.ts";
import type { EditingHere } from "./editing-here.ts";
import {
  changeNewRow,
  changeRow,
  pendingCell,
  pendingRow,
  rowName,
  type ShownRow,
} from "./pending-changes.ts";
import { useSayWhy } from "./use-say-why.ts";

/** The cell that is edited. */
export interface Editor {
  readonly place: Place;
  /** Of the table. */
  readonly column: number;
  readonly start: Cell;
  /** What is stored, whole. */
  readonly was: Value | undefined;
}

/** The editor of a cell: where it is open, what it begins with, and what becomes of what was typed. */
export function useCellEditor(here: EditingHere) {
  const { connectionId, table, columns, names, gridOrder, held, base, editable, why, rules } = here;
  const { pending, newRows, change, shownRow, grid, newPlace, say } = here;
  const { whyNot } = rules;
  const t = useTranslations("changes");
  const sayWhy = useSayWhy(say);
  const [editor, setEditor] = useState<Editor>();
  /** Where the grid, and that of the new rows, is to go. */
  const [moveTo, setMoveTo] = useState<GridCell>();
  const [newMoveTo, setNewMoveTo] = useState<GridCell>();
  const fetching = useRef<AbortController>(undefined);
  useEffect(() => () => fetching.current?.abort(), []);
  // Once it was gone to: a grid that is made anew begins elsewhere.
  useEffect(() => {
    if (moveTo !== undefined) setMoveTo(undefined);
  }, [moveTo]);

  /** Opens the editor of a cell. @returns whether it is, or soon will be, open */
  function openRow(at: number, column: number, start?: Cell): boolean {
    const facts = columns[column];
    const row = shownRow(at);
    if (facts === undefined) return false;
    const reason = whyNot(facts.name, false) ?? (row === undefined ? "no-identity" : undefined);
    // Not known yet: nothing is said, and the value is looked at.
    if (editable === undefined && why === undefined) return false;
    if (row === undefined || reason !== undefined) {
      sayWhy(reason ?? "no-identity");
      return false;
    }
    const before = pending === undefined ? undefined : pendingRow(pending, rowName(row.row));
    if (before?.kind === "delete") {
      say(t("said.isDeleted"));
      return true;
    }
    const typed = pendingCell(before, facts.name);
    const place = { kind: "row", shown: row, lasting: base + at } as const;
    const stored = before?.kind === "update" ? before.seen : row.seen;
    const isCut = stored.cut.some((one) => one.column === column);
    if (isCut && typed === undefined) {
      fetchWhole(row, facts.name, (was) => begin({ place, column, start: start ?? was, was }));
      return true;
    }
    const was = isCut ? undefined : (stored.values[column] ?? null);
    return begin({ place, column, start: start ?? startOf(typed, was), was });
  }
  function openNew(index: number, column: number): boolean {
    const row = newRows[index];
    const facts = columns[column];
    if (row === undefined || facts === undefined) return false;
    const reason = whyNot(facts.name, true);
    if (reason !== undefined) {
      sayWhy(reason);
      return true;
    }
    const start = startOf(pendingCell(row, facts.name), undefined);
    return begin({ place: { kind: "new", name: row.name, index }, column, start, was: undefined });
  }
  function begin(next: Editor): boolean {
    if (typeof next.start === "string" && lineEnds(next.start) === "mixed") {
      say(t("said.mixedLines"));
      return false;
    }
    say("");
    setEditor(next);
    return true;
  }
  function fetchWhole({ row }: ShownRow, column: string, then: (was: Value) => void): void {
    fetching.current?.abort();
    const request = new AbortController();
    fetching.current = request;
    say(t("said.fetching"));
    const ask = { ...table, column, key: row.key === null ? null : [...row.key], place: row.place };
    wholeValue(connectionId, ask, request.signal)
      .then((whole) => {
        say("");
        if (!whole.ok) say(t(whole.why === "gone" ? "said.gone" : "said.notFetched"));
        else if ((whole.text?.length ?? 0) > mostTyped) say(t("said.tooLong"));
        else then(whole.text);
      })
      .catch(() => undefined);
  }

  /** Cells of the row that an editor, or the form beside the grid, is of. */
  function keep(
    place: Place,
    cells: readonly DoneCell[],
    was?: { readonly column: string; readonly value: Value | undefined },
  ) {
    if (place.kind === "new") {
      change((before) => changeNewRow(before, place.name, cells));
      return;
    }
    const { shown: row } = place;
    const storedOf = (column: string): Value | undefined => {
      if (was?.column === column) return was.value;
      const at = names.indexOf(column);
      return row.seen.cut.some((one) => one.column === at) ? undefined : (row.seen.values[at] ?? null);
    };
    change((before) =>
      changeRow(
        before,
        row,
        cells.map((cell) => ({ ...cell, was: storedOf(cell.column) })),
      ),
    );
  }
  function onDone(cells: readonly DoneCell[], move: Move): void {
    if (editor === undefined) return;
    const { place, column, was } = editor;
    setEditor(undefined);
    // A new row's cell that still has its default was not touched; a row's as it was is no change.
    keep(place, cells, { column: names[column] ?? "", value: was });
    if (move === "elsewhere") return;
    focusGrid(place);
    if (move === "stay") return;
    const step = move === "next" ? 1 : -1;
    const order = place.kind === "new" ? columns.map((_, index) => index) : gridOrder;
    for (let at = order.indexOf(column) + step; at >= 0 && at < order.length; at += step) {
      const own = order[at];
      if (own === undefined || whyNot(names[own] ?? "", place.kind === "new") !== undefined) continue;
      if (place.kind === "new") {
        setNewMoveTo({ row: place.index, column: at });
        openNew(place.index, own);
      } else {
        const row = place.lasting - base;
        setMoveTo({ row, column: at });
        // A cut value is not fetched only because somebody came by.
        if (held.cut[row]?.has(own) !== true) openRow(row, own);
      }
      return;
    }
  }
  function focusGrid(place: Place): void {
    const home = place.kind === "new" ? newPlace : grid;
    home.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
  }

  return {
    editor,
    moveTo,
    newMoveTo,
    goToNew: setNewMoveTo,
    openRow,
    openNew,
    fetchWhole,
    keep,
    onDone,
    onCancel() {
      setEditor(undefined);
      if (editor !== undefined) focusGrid(editor.place);
    },
  };
}

/** A whole set is at most 4 MB. */
const mostTyped = 2_000_000;
