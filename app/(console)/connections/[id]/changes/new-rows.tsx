"use client";

import { useTranslations } from "next-intl";
import { type RefObject, useCallback, useMemo } from "react";
import { cellsAsTsv } from "#components/cells-as-tsv.ts";
import { DataGrid } from "#components/data-grid.tsx";
import type { GridCell, GridColumn, GridWords } from "#components/data-grid-column.ts";
import type { ColumnFacts } from "#lib/browse/shapes.ts";
import { isDefault, type PendingRow, pendingCell } from "./pending-changes.ts";
import { isMissing } from "./required-columns.ts";

interface Props {
  readonly rows: readonly PendingRow[];
  readonly columns: readonly ColumnFacts[];
  /** Names of columns without which the server takes no row. */
  readonly required: ReadonlySet<string>;
  readonly place: RefObject<HTMLElement | null>;
  readonly moveTo: GridCell | undefined;
  readonly onKey: (event: React.KeyboardEvent, cell: GridCell) => boolean;
  readonly onOpen: (cell: GridCell) => void;
  readonly onActive: (name: string) => void;
}

/** The rows that are to be added: they stand apart, since none has a place in the table yet. */
export function NewRows({ rows, columns, required, place, moveTo, onKey, onOpen, onActive }: Props) {
  const t = useTranslations("changes");
  const words: GridWords = useMemo(
    () => ({
      null: "NULL",
      empty: t("editor.emptyText"),
      required: t("editor.required"),
      marks: { added: t("mark.added") },
    }),
    [t],
  );
  const gridColumns: readonly GridColumn[] = useMemo(
    () => columns.map(({ name, type, numeric }) => ({ name, detail: type, numeric })),
    [columns],
  );
  const cells = useMemo(
    () =>
      rows.map((row) =>
        columns.map(({ name }) => {
          const cell = pendingCell(row, name);
          return cell === undefined || isDefault(cell) ? null : cell;
        }),
      ),
    [columns, rows],
  );
  const look = useCallback(
    (row: number, column: number) => {
      const name = columns[column]?.name ?? "";
      const cell = pendingCell(rows[row], name);
      if (required.has(name) && isMissing(cell)) return "required";
      return cell === undefined ? "preset" : undefined;
    },
    [columns, required, rows],
  );
  return (
    <section
      ref={place}
      aria-label={t("newRows", { count: rows.length })}
      className="border-success/40 border-t-2"
      onFocus={() => {
        const [first] = rows;
        if (first !== undefined && rows.length === 1) onActive(first.name);
      }}
    >
      <DataGrid
        label={t("newRows", { count: rows.length })}
        columns={gridColumns}
        rows={cells}
        rowCount={rows.length}
        words={words}
        rowLabel={(row) => t("newRow", { number: row })}
        rowNumber={() => "+"}
        rowMark={() => "added"}
        look={look}
        moveTo={moveTo}
        onKey={onKey}
        onOpen={onOpen}
        onActive={({ row }) => {
          const name = rows[row]?.name;
          if (name !== undefined && place.current?.contains(document.activeElement)) onActive(name);
        }}
        onCopy={(range) => {
          const text = cellsAsTsv(
            cells.slice(range.top, range.bottom + 1).map((row) => row.slice(range.left, range.right + 1)),
          );
          navigator.clipboard?.writeText(text).catch(() => undefined);
        }}
        className="max-h-40"
      />
    </section>
  );
}
