"use client";

import { useTranslations } from "next-intl";
import { useEffect, useMemo, useRef, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";
import { useFocusKept } from "#components/use-focus-kept.ts";
import { reviewSql } from "#lib/change/review-sql.ts";
import type { Conflict, Editable, NotEditable } from "#lib/change/shapes.ts";
import type { TableName } from "../place.ts";
import { RefusedNote } from "../refused-note.tsx";
import { AskedOutcome } from "./asked-outcome.tsx";
import { ChangeItem } from "./change-item.tsx";
import { ConflictGroup } from "./conflict-group.tsx";
import type { TableWriting } from "./grid-editing.ts";
import { changeSetOf, type PendingChanges, type Settling } from "./pending-changes.ts";
import { missingColumns, requiredColumns } from "./required-columns.ts";
import type { Act, AskingHandle } from "./use-asking.ts";

interface Props {
  readonly table: TableName;
  readonly writing: TableWriting;
  readonly why: NotEditable | undefined;
  readonly editable: Editable | undefined;
  readonly columns: readonly string[];
  readonly pending: PendingChanges;
  /** By the name of the row. */
  readonly conflicts: ReadonlyMap<string, Conflict>;
  readonly handle: AskingHandle;
  readonly onSettle: (name: string, conflict: Conflict, how: Settling) => void;
  readonly onDrop: (name: string) => void;
  readonly onAsk: (act: Act) => void;
  readonly onRefresh: () => void;
  /** @returns whether it is there */
  readonly onSql: (text: string) => Promise<boolean>;
  readonly onClose: () => void;
}

/** Changes that are made at once; the others when they are asked for. */
const shownFirst = 100;

/** What will be done, statement by statement; tried, and applied. */
export function ReviewSheet(props: Props) {
  const { table, writing, why, editable, columns, pending, conflicts, handle } = props;
  const { onSettle, onDrop, onAsk, onSql, onClose } = props;
  const t = useTranslations("changes.review");
  const tls = useTranslations("session.tls");
  const all = useTranslations("changes");
  const [typed, setTyped] = useState("");
  const place = useRef<HTMLDivElement>(null);
  const top = useRef<HTMLDivElement>(null);
  useFocusKept(place);
  // Not on a button that would let something go.
  useEffect(() => top.current?.focus(), []);
  const [shown, setShown] = useState(shownFirst);
  const { asking } = handle;
  const isBusy = asking.phase === "asking" || (asking.phase === "unheard" && asking.waits);
  const isApplied = asking.phase === "answered" && asking.answer.outcome === "applied";
  const count = pending.rows.length;
  const sql = useMemo(
    () => reviewSql(changeSetOf(pending, table, writing.rev)),
    [pending, table, writing.rev],
  );
  // What was answered is of these rows, or nothing that is shown.
  const isOfThese = asking.phase !== "idle" && asking.of.rows === pending.rows;
  const answer = asking.phase === "answered" && (isOfThese || isApplied) ? asking.answer : undefined;
  const stored = answer?.outcome === "tried" ? answer.stored : [];
  const refusedAt = answer?.outcome === "refused" ? answer : undefined;
  const open = pending.rows.flatMap((row) => {
    const conflict = conflicts.get(row.name);
    return conflict === undefined || row.kind === "insert" ? [] : [{ row, conflict }];
  });
  const required = useMemo(() => requiredColumns(editable), [editable]);
  const lacking = pending.rows.filter((row) => missingColumns(row, required).length > 0).length;
  const needsNumber = writing.production && count > 0;
  const mayAsk = count > 0 && why === undefined && open.length === 0 && !isBusy;
  const mayApply = mayAsk && (!needsNumber || typed.trim() === String(count));

  return (
    <div ref={place} className="contents">
      <Dialog
        open
        sheet
        title={t("title")}
        onClose={() => {
          if (!isBusy) onClose();
        }}
        foot={
          <>
            {count > 0 && (
              <CopyButton
                text={() => `${sql.join(";\n\n")};\n`}
                label={t("copy")}
                copiedLabel={tls("copied")}
                failedLabel={tls("copyFailed")}
              />
            )}
            <Button className="mr-auto" disabled={isBusy} onClick={onClose}>
              {t("close")}
            </Button>
            {count > 0 && (
              <>
                <Button
                  disabled={!mayAsk && !(isBusy && asking.act === "try")}
                  pending={isBusy && asking.act === "try"}
                  title={t("tryHint")}
                  onClick={() => onAsk("try")}
                >
                  {t("try")}
                </Button>
                <Button
                  look="primary"
                  disabled={!mayApply && !(isBusy && asking.act === "apply")}
                  pending={isBusy && asking.act === "apply"}
                  onClick={() => onAsk("apply")}
                >
                  {t("apply")}
                </Button>
              </>
            )}
          </>
        }
      >
        <div
          ref={top}
          tabIndex={-1}
          data-focus-home
          className="flex flex-col gap-3 text-[0.8125rem] outline-none"
        >
          {asking.phase === "refused" && isOfThese && <RefusedNote refused={asking.refused} />}
          {isBusy && <Progress act={asking.act} unheard={asking.phase === "unheard"} />}
          {asking.phase === "unheard" && !asking.waits && (
            <Alert tone="danger" role="alert" title={t(asking.act === "apply" ? "unheard" : "unheardTry")}>
              <Button size="sm" onClick={() => handle.ask(asking.act, asking.of)}>
                {t(asking.act === "apply" ? "askOutcome" : "tryAgain")}
              </Button>
            </Alert>
          )}
          {pending.asked === true && asking.phase === "idle" && (
            <Alert tone="danger" role="alert" title={all("askedBefore")}>
              <p className="mb-2">{t("askedBefore")}</p>
              <Button size="sm" onClick={() => handle.ask("apply", pending)}>
                {t("askOutcome")}
              </Button>
            </Alert>
          )}
          {answer !== undefined && (
            <AskedOutcome
              answer={answer}
              of={asking.phase === "answered" ? asking.of : pending}
              columns={columns}
              onAgain={() => onAsk(asking.phase === "answered" ? asking.act : "try")}
              onOutcome={() => asking.phase === "answered" && handle.ask("apply", asking.of)}
              onRefresh={props.onRefresh}
              onSql={onSql}
            />
          )}
          {open.length > 0 && (
            <section
              aria-label={all("conflictCount", { count: open.length })}
              className="flex flex-col gap-2"
            >
              <p>{t("settleFirst", { count: open.length })}</p>
              {open.map(({ row, conflict }) => (
                <ConflictGroup
                  key={row.name}
                  pending={pending}
                  row={row}
                  conflict={conflict}
                  disabled={isBusy}
                  onSettle={(how) => onSettle(row.name, conflict, how)}
                />
              ))}
            </section>
          )}
          {count === 0 && !isApplied && <p className="text-muted">{t("nothing")}</p>}
          {count > 0 && (
            <>
              <p>
                {t("summary", {
                  table: `${table.schema}.${table.table}`,
                  updates: pending.rows.filter(({ kind }) => kind === "update").length,
                  inserts: pending.rows.filter(({ kind }) => kind === "insert").length,
                  deletes: pending.rows.filter(({ kind }) => kind === "delete").length,
                })}{" "}
                <span className="text-muted">{t("how")}</span>
              </p>
              {editable !== undefined && (editable.triggers.length > 0 || editable.rowSecurity) && (
                <p className="text-muted">
                  {editable.triggers.length > 0 && (
                    <>
                      {t("triggers")} <CellText text={editable.triggers.join(", ")} />.{" "}
                    </>
                  )}
                  {editable.rowSecurity && t("rowSecurity")}
                </p>
              )}
              {lacking > 0 && (
                <Alert tone="warn" title={t("lacking", { count: lacking })}>
                  <p>{t((editable?.triggers.length ?? 0) > 0 ? "lackingTriggers" : "lackingWhy")}</p>
                </Alert>
              )}
              {why !== undefined && (
                <p role="alert" className="text-danger">
                  {all("notEditable.line", { why: all(`notEditable.${why}`) })}
                </p>
              )}
              <ol aria-label={t("statements")} className="flex flex-col gap-2">
                {pending.rows.slice(0, shown).map((row, at) => (
                  <ChangeItem
                    key={row.name}
                    number={at + 1}
                    pending={pending}
                    row={row}
                    sql={sql[at] ?? ""}
                    stored={stored.find(({ change }) => change === at)}
                    error={refusedAt?.change === at ? refusedAt.error : undefined}
                    moves={
                      row.kind === "update" &&
                      row.cells.some(({ column }) => editable?.partitionColumns.includes(column) === true)
                    }
                    missing={missingColumns(row, required)}
                    disabled={isBusy}
                    onDrop={() => onDrop(row.name)}
                  />
                ))}
              </ol>
              {count > shown && (
                <Button size="sm" className="self-start" onClick={() => setShown(count)}>
                  {t("showAll", { count })}
                </Button>
              )}
              {needsNumber && (
                <TextField
                  label={t("typeNumber", { count })}
                  hint={t("typeNumberHint")}
                  value={typed}
                  inputMode="numeric"
                  autoComplete="off"
                  onChange={({ target }) => setTyped(target.value)}
                />
              )}
            </>
          )}
        </div>
      </Dialog>
    </div>
  );
}

function Progress({ act, unheard }: { readonly act: Act; readonly unheard: boolean }) {
  const t = useTranslations("changes.review");
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="rounded-md border border-line bg-sunken px-3 py-2">
      <p role="status">{t(unheard ? "asksAgain" : act === "try" ? "trying" : "applying")}</p>
      {seconds > 1 && (
        <p aria-live="off" className="text-muted text-xs">
          {t("seconds", { seconds })}
        </p>
      )}
    </div>
  );
}
