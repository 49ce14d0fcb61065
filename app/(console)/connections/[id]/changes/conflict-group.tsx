"use client";

import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { WideBox } from "#components/ui/wide-box.tsx";
import type { Conflict } from "#lib/change/shapes.ts";
import {
  changedColumns,
  type PendingChanges,
  type PendingRow,
  pendingCell,
  rowName,
  type Settling,
} from "./pending-changes.ts";
import { rowWords } from "./row-words.ts";
import { ValueFace } from "./value-face.tsx";

interface Props {
  readonly pending: PendingChanges;
  readonly row: Exclude<PendingRow, { readonly kind: "insert" }>;
  readonly conflict: Conflict;
  readonly disabled: boolean;
  readonly onSettle: (how: Settling) => void;
}

/** A row that is not any more what was seen: that, what it is now, and what was typed, side by side. */
export function ConflictGroup({ pending, row, conflict, disabled, onSettle }: Props) {
  const t = useTranslations("changes.conflict");
  const { columns } = pending;
  const { now, identity, why, reasons } = conflict;
  const words = rowWords(pending, row);
  const theirs = new Set(now === null ? [] : changedColumns(columns, row.seen, now));
  const told = columns.filter((column) => theirs.has(column) || pendingCell(row, column) !== undefined);
  const goesOver = now !== null && identity !== null && rowName(identity) === row.name;
  return (
    <fieldset className="min-w-0 rounded-md border border-danger/45 bg-danger-soft/40 px-3 pb-2 text-[0.8125rem]">
      <legend className="px-1 font-medium text-danger">{t("title")}</legend>
      <p className="mb-1 font-medium">
        <CellText text={words} />
      </p>
      <p className="mb-2">
        {t(`why.${why}`)} {reasons.length > 0 && reasons.map((reason) => t(`reasons.${reason}`)).join(" ")}
      </p>
      {told.length > 0 && (
        <WideBox label={t("values", { row: words })}>
          <table className="w-full min-w-72 table-fixed border-collapse font-mono text-xs">
            <thead>
              <tr className="text-left font-sans text-muted">
                <th scope="col" className="w-1/5 px-2 py-1 font-normal">
                  {t("column")}
                </th>
                <th scope="col" className="px-2 py-1 font-normal">
                  {t("saw")}
                </th>
                <th scope="col" className="px-2 py-1 font-normal">
                  {t("now")}
                </th>
                <th scope="col" className="px-2 py-1 font-normal">
                  {t("yours")}
                </th>
              </tr>
            </thead>
            <tbody className="align-top">
              {told.map((column) => {
                const at = columns.indexOf(column);
                const cutOf = (seen: typeof now) => seen?.cut.find((one) => one.column === at)?.length;
                const yours = pendingCell(row, column);
                return (
                  <tr key={column} className="border-line border-t">
                    <th scope="row" className="break-words px-2 py-1 text-left font-medium font-sans">
                      <CellText text={column} />
                    </th>
                    <td className="px-2 py-1">
                      <ValueFace cell={row.seen.values[at] ?? null} cut={cutOf(row.seen)} />
                    </td>
                    <td className={theirs.has(column) ? "bg-warn-soft px-2 py-1" : "px-2 py-1"}>
                      {now === null ? "—" : <ValueFace cell={now.values[at] ?? null} cut={cutOf(now)} />}
                    </td>
                    <td className={yours === undefined ? "px-2 py-1" : "bg-accent-soft px-2 py-1"}>
                      {row.kind === "delete" ? (
                        <span className="font-sans text-danger">{t("deleted")}</span>
                      ) : yours === undefined ? (
                        <span className="font-sans text-muted">{t("untouched")}</span>
                      ) : (
                        <ValueFace cell={yours} />
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </WideBox>
      )}
      <div className="mt-2 flex flex-wrap gap-2">
        {goesOver && (
          <>
            <Button size="sm" disabled={disabled} title={t("theirsHint")} onClick={() => onSettle("theirs")}>
              {t("theirs")}
            </Button>
            <Button size="sm" disabled={disabled} title={t("mineHint")} onClick={() => onSettle("mine")}>
              {t("mine")}
            </Button>
          </>
        )}
        <Button size="sm" disabled={disabled} title={t("dropHint")} onClick={() => onSettle("drop")}>
          {t("drop")}
        </Button>
      </div>
    </fieldset>
  );
}
