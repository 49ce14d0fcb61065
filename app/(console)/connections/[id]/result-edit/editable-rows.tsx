"use client";

import { useFormatter, useTranslations } from "next-intl";
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { cellsAsTsv } from "#components/cells-as-tsv.ts";
import { DataGrid } from "#components/data-grid.tsx";
import type { GridCell, GridRange } from "#components/data-grid-column.ts";
import { Spinner } from "#components/ui/spinner.tsx";
import type { Cell } from "#lib/session/run-events.ts";
import { threeStates } from "../changes/cell-editor.tsx";
import type { GridEditing, TableWriting } from "../changes/grid-editing.ts";
import { changesSlot } from "../changes/kept-changes.ts";
import { RefusedNote } from "../refused-note.tsx";
import type { RunState } from "../sql/gathered-run.ts";
import type { ResultTarget } from "./result-target.ts";
import { useResultRows } from "./use-result-rows.ts";

const TableChanges = lazy(async () => ({
  default: (await import("../changes/table-changes.tsx")).TableChanges,
}));

interface Props {
  readonly connectionId: string;
  readonly slot: string;
  readonly state: RunState;
  readonly given: readonly (readonly Cell[])[];
  readonly target: ResultTarget;
  readonly writing: TableWriting;
}

/** The grid of a result whose rows are a table's: its columns of that table are edited, the others are as they came. */
export function EditableRows({ connectionId, slot, state, given, target, writing }: Props) {
  const t = useTranslations("changes.result");
  const result = useTranslations("session.result");
  const format = useFormatter();
  const { rows, inGrid, differing, refused, again } = useResultRows(connectionId, target, given);
  const [editing, setEditing] = useState<GridEditing>();
  const [active, setActive] = useState(0);
  const [said, setSaid] = useState("");
  const place = useRef<HTMLDivElement>(null);
  const columns = useMemo(
    () => (state.columns ?? []).map(({ name, type, numeric }) => ({ name, detail: type, numeric })),
    [state.columns],
  );
  const words = useMemo(
    () => ({
      null: result("null"),
      empty: result("emptyText"),
      cut: (length: number) => format.number(length),
      marks: { ...editing?.words, gone: t("gone") },
    }),
    [editing?.words, format, result, t],
  );
  const held = rows?.held;
  /** Which column of the table a cell is of; undefined where it is none, or of a row that is none. */
  const columnAt = useCallback(
    (row: number, column: number) => (held?.identities[row] === undefined ? undefined : inGrid[column]),
    [held, inGrid],
  );
  const shown = useMemo(
    () =>
      given.map((cells, row) =>
        cells.map((cell, column) => {
          const own = columnAt(row, column);
          return own === undefined ? cell : ((editing?.rows ?? held?.rows)?.[row]?.[own] ?? null);
        }),
      ),
    [columnAt, editing?.rows, given, held],
  );
  const cutLength = useCallback(
    (row: number, column: number) => {
      const own = columnAt(row, column);
      return own === undefined ? state.cut.get(`${row}:${column}`) : held?.cut[row]?.get(own);
    },
    [columnAt, held, state.cut],
  );
  const hasKey = (row: number) =>
    target.key.every((name) => given[row]?.[target.columns.indexOf(name)] != null);

  function open({ row, column }: GridCell): boolean {
    const own = columnAt(row, column);
    if (own === undefined) {
      setSaid(t(held?.identities[row] === undefined ? "notARow" : "notAColumn"));
      return false;
    }
    setSaid("");
    const at = { row, column: own };
    // A cut value is fetched, and then edited.
    if (editing?.edit(at) !== true) editing?.editWhole(at)?.();
    return true;
  }
  function onKey(event: React.KeyboardEvent, cell: GridCell, range: GridRange | undefined): boolean {
    if (event.key === "F2" || (event.key === "Enter" && !event.shiftKey && !event.altKey && !event.ctrlKey)) {
      open(cell);
      return true;
    }
    if (editing === undefined) return false;
    const of = range ?? { top: cell.row, bottom: cell.row, left: cell.column, right: cell.column };
    if (threeStates(event) !== undefined) {
      for (let column = of.left; column <= of.right; column += 1) {
        const own = inGrid[column];
        if (own !== undefined)
          editing.onKey(event, { row: cell.row, column: own }, { ...of, left: own, right: own });
      }
      return true;
    }
    const own = columnAt(cell.row, cell.column);
    // Of one cell; every other key is of whole rows.
    if (event.key === "Escape" && own === undefined) return false;
    const at = { row: cell.row, column: own ?? 0 };
    return editing.onKey(event, at, { ...of, left: at.column, right: at.column });
  }
  function copy({ top, bottom, left, right }: GridRange): void {
    const cells = shown.slice(top, bottom + 1).map((row) => row.slice(left, right + 1));
    const isCut = cells.some((row, at) =>
      row.some((_, column) => cutLength(top + at, left + column) !== undefined),
    );
    setSaid(isCut ? result("copyCut") : "");
    if (!isCut) navigator.clipboard?.writeText(cellsAsTsv(cells)).catch(() => undefined);
  }

  return (
    <>
      {refused !== undefined && <RefusedNote refused={refused} onAgain={again} />}
      {rows === undefined && refused === undefined && (
        <p className="p-3">
          <Spinner />
        </p>
      )}
      {differing.length > 0 && (
        <p className="px-3 pb-1.5 text-warn text-xs">
          <CellText text={t("differing", { columns: differing.join(", "), count: differing.length })} />
        </p>
      )}
      {rows !== undefined && (
        <>
          <div ref={place} className="contents">
            <DataGrid
              label={result("label")}
              columns={columns}
              rows={shown}
              rowCount={given.length}
              words={words}
              rowLabel={(row) => result("row", { row })}
              rowMark={(row) =>
                held?.identities[row] === undefined ? (hasKey(row) ? "gone" : undefined) : editing?.mark(row)
              }
              cutLength={cutLength}
              look={(row, column) => {
                const own = columnAt(row, column);
                return own === undefined ? undefined : editing?.look(row, own);
              }}
              chosen={editing?.chosen}
              moveTo={editing?.moveTo}
              onKey={onKey}
              onOpen={open}
              onCopy={copy}
              onActive={({ row }) => setActive(row)}
              className="max-h-[min(34rem,65dvh)] min-h-24 border-line border-t"
            />
          </div>
          <p role="status" className="px-3 text-warn text-xs not-empty:pb-1.5">
            {said}
          </p>
          {/* In sight however far down the result goes; on a narrow screen above the bar of the panes. */}
          <div className="sticky bottom-0 z-10 bg-surface max-desk:bottom-12">
            <Suspense fallback={null}>
              <TableChanges
                connectionId={connectionId}
                table={target.table}
                slot={`${changesSlot(target.table)}-${slot}`}
                writing={writing}
                shown
                held={rows.held}
                base={0}
                columns={rows.columns}
                inGrid={inGrid}
                detail={undefined}
                active={active}
                grid={place}
                onEditing={setEditing}
                onRefresh={again}
              />
            </Suspense>
          </div>
        </>
      )}
    </>
  );
}
