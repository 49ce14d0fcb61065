"use client";

import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import type { ChangeTrouble, StoredRow } from "#lib/change/shapes.ts";
import { ChangeTroubleText } from "./change-trouble.tsx";
import type { PendingChanges, PendingRow } from "./pending-changes.ts";
import { rowWords } from "./row-words.ts";
import { StoredCells } from "./stored-cells.tsx";
import { ValueFace } from "./value-face.tsx";

interface Props {
  readonly number: number;
  readonly pending: PendingChanges;
  readonly row: PendingRow;
  readonly sql: string;
  /** What it became when it was tried. */
  readonly stored: StoredRow | undefined;
  readonly error: ChangeTrouble | undefined;
  /** It may move the row to another partition. */
  readonly moves: boolean;
  /** Columns that the row needs a value of, and has none. */
  readonly missing: readonly string[];
  readonly disabled: boolean;
  readonly onDrop: () => void;
}

const looks = { update: "text-accent", delete: "text-danger", insert: "text-success" } as const;

/** One change: from what to what, the statement for it, and what it became when it was tried. */
export function ChangeItem(props: Props) {
  const { number, pending, row, sql, stored, error, moves, missing, disabled, onDrop } = props;
  const t = useTranslations("changes.review");
  const words = rowWords(pending, row);
  const title = t(`kind.${row.kind}`);
  return (
    <li
      aria-label={`${title} ${words}`}
      className={classes(
        "rounded-md border bg-surface",
        error === undefined ? "border-line" : "border-danger",
      )}
    >
      <div className="flex items-center gap-2 px-3 pt-1.5">
        <span className="text-muted text-xs tabular-nums">{number}</span>
        <span className={classes("shrink-0 font-medium", looks[row.kind])}>{title}</span>
        <span className="min-w-0 truncate font-mono text-xs">
          <CellText text={words} />
        </span>
        <Button
          size="sm"
          look="quiet"
          className="ml-auto"
          disabled={disabled}
          aria-label={t("dropNamed", { row: `${title} ${words}` })}
          onClick={onDrop}
        >
          {t("drop")}
        </Button>
      </div>
      <div className="grid gap-x-4 gap-y-1 px-3 pb-2 lg:grid-cols-2">
        <div className="min-w-0">
          {row.kind !== "delete" && row.cells.length > 0 && (
            <dl className="font-mono text-xs">
              {row.cells.map(({ column, value }) => {
                const at = pending.columns.indexOf(column);
                return (
                  <div key={column} className="flex flex-wrap items-baseline gap-x-2 py-0.5">
                    <dt className="font-medium font-sans">
                      <CellText text={column} />
                    </dt>
                    <dd className="min-w-0 break-words">
                      {row.kind === "update" && (
                        <>
                          <del className="text-muted decoration-danger/60">
                            <ValueFace
                              cell={row.seen.values[at] ?? null}
                              cut={row.seen.cut.find((one) => one.column === at)?.length}
                              most={120}
                            />
                          </del>
                          <span aria-hidden className="mx-1.5 font-sans text-muted">
                            →
                          </span>
                        </>
                      )}
                      <ins className="no-underline">
                        <ValueFace cell={value} most={240} />
                      </ins>
                    </dd>
                  </div>
                );
              })}
            </dl>
          )}
          {row.kind === "insert" && row.cells.length === 0 && missing.length === 0 && (
            <p className="text-muted text-xs">{t("allDefault")}</p>
          )}
          {row.kind === "delete" && (
            <p className="break-words font-mono text-muted text-xs">
              <CellText
                text={row.seen.values
                  .slice(0, 8)
                  .map((value) => (value === null ? "NULL" : value.slice(0, 40)))
                  .join(" · ")}
              />
            </p>
          )}
          {missing.length > 0 && stored === undefined && (
            <p className="break-words text-danger text-xs">
              <CellText text={t("missing", { count: missing.length, columns: missing.join(", ") })} />
            </p>
          )}
          {moves && stored === undefined && <p className="text-warn text-xs">{t("mayMove")}</p>}
          {stored !== undefined && <StoredCells stored={stored} />}
          {error !== undefined && <ChangeTroubleText error={error} />}
        </div>
        <pre className="min-w-0 overflow-x-auto whitespace-pre-wrap break-words rounded-sm bg-sunken px-2 py-1 font-mono text-xs text-muted">
          <CellText text={sql.length > mostSql ? `${sql.slice(0, mostSql)}…` : sql} lines />
        </pre>
      </div>
    </li>
  );
}

/** Signs of a statement that are shown; copying takes all of them. */
const mostSql = 2_000;
