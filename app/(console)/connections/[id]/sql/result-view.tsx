"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useCallback, useMemo, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { cellsAsTsv } from "#components/cells-as-tsv.ts";
import { DataGrid } from "#components/data-grid.tsx";
import type { GridCell, GridRange } from "#components/data-grid-column.ts";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { RunState } from "./gathered-run.ts";

/** The rows of a run, and one whole value on demand. */
export function ResultView({ state }: { readonly state: RunState }) {
  const t = useTranslations("session.result");
  const [opened, setOpened] = useState<GridCell>();
  const { columns, rows, rowCount, cut } = state;
  const format = useFormatter();
  const [said, setSaid] = useState("");
  const cutLength = useCallback((row: number, column: number) => cut.get(`${row}:${column}`), [cut]);
  const words = useMemo(
    () => ({ null: t("null"), empty: t("emptyText"), cut: (length: number) => format.number(length) }),
    [format, t],
  );
  const shown = useMemo(
    () => columns?.map(({ name, type, numeric }) => ({ name, detail: type, numeric })),
    [columns],
  );
  const cameToNothing = rowCount === 0 && state.phase === "ended" && state.end?.type !== "done";
  if (shown === undefined || cameToNothing) return null;
  return (
    <>
      <DataGrid
        // Another run, another grid: scrolled to its beginning.
        key={state.startedAt}
        label={t("label")}
        columns={shown}
        rows={rows}
        rowCount={rowCount}
        words={words}
        cutLength={cutLength}
        rowLabel={(row) => t("row", { row })}
        onOpen={setOpened}
        onCopy={(range) => {
          const isCut = [...cut.keys()].some((place) => holds(range, place));
          // A part of a value is not copied as if it were the whole.
          setSaid(isCut ? t("copyCut") : "");
          if (isCut) return;
          const cells = Array.from({ length: range.bottom - range.top + 1 }, (_, index) =>
            (rows.at(range.top + index) ?? []).slice(range.left, range.right + 1),
          );
          navigator.clipboard?.writeText(cellsAsTsv(cells)).catch(() => undefined);
        }}
        className="max-h-[min(34rem,65dvh)] min-h-24 border-line border-t"
      />
      {rowCount > 0 && shown.length > 0 && (
        <p className="border-line border-t px-3 py-1.5 text-muted text-xs">{t("openHint")}</p>
      )}
      <p role="status" className="px-3 text-warn text-xs not-empty:pb-1.5">
        {said}
      </p>
      <ValueDialog
        value={opened === undefined ? undefined : (rows.at(opened.row)?.[opened.column] ?? null)}
        title={
          opened === undefined
            ? ""
            : t("cell", { column: shown[opened.column]?.name ?? "", row: opened.row + 1 })
        }
        whole={opened === undefined ? undefined : cut.get(`${opened.row}:${opened.column}`)}
        onClose={() => setOpened(undefined)}
      />
    </>
  );
}

function holds({ top, left, bottom, right }: GridRange, place: string): boolean {
  const [row = -1, column = -1] = place.split(":").map(Number);
  return row >= top && row <= bottom && column >= left && column <= right;
}

interface ValueProps {
  /** Undefined while the dialog is closed; null is SQL's NULL. */
  readonly value: string | null | undefined;
  readonly title: string;
  /** Length of the whole value, where it was cut. */
  readonly whole: number | undefined;
  readonly onClose: () => void;
}

function ValueDialog({ value, title, whole, onClose }: ValueProps) {
  const t = useTranslations("session.result");
  const copy = useTranslations("session.tls");
  return (
    <Dialog
      open={value !== undefined}
      title={title}
      onClose={onClose}
      wide
      foot={
        <>
          {typeof value === "string" && (
            <CopyButton
              text={() => value}
              // What was cut is not called the value.
              label={whole === undefined ? t("copyValue") : t("copyPart", { shown: value.length })}
              copiedLabel={copy("copied")}
              failedLabel={copy("copyFailed")}
            />
          )}
          <Button onClick={onClose}>{t("close")}</Button>
        </>
      }
    >
      {typeof value !== "string" || value === "" ? (
        <p className="text-muted italic">{t(value === "" ? "cellEmpty" : "cellNull")}</p>
      ) : (
        <>
          <p className="mb-2 text-muted text-xs">
            {whole === undefined
              ? t("cellLength", { length: value.length })
              : `${t("cellCut", { length: whole, shown: value.length })} ${t("cutWhy")}`}
          </p>
          <pre className="whitespace-pre-wrap break-words rounded-md bg-sunken p-3 font-mono text-xs">
            <CellText text={value} lines />
          </pre>
        </>
      )}
    </Dialog>
  );
}
