"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import type { ChangeAnswer } from "#lib/change/shapes.ts";
import { ChangeTroubleText } from "./change-trouble.tsx";
import type { PendingChanges } from "./pending-changes.ts";
import { rowWords } from "./row-words.ts";
import { StoredCells } from "./stored-cells.tsx";

interface Props {
  readonly answer: ChangeAnswer;
  /** The set that it is of. */
  readonly of: PendingChanges;
  readonly columns: readonly string[];
  /** The same once more. */
  readonly onAgain: () => void;
  /** Asks once more what became of it. */
  readonly onOutcome: () => void;
  readonly onRefresh: () => void;
  /** @returns whether it is there */
  readonly onSql: (text: string) => Promise<boolean>;
}

/** What became of a set of changes, said so that nobody has to guess. */
export function AskedOutcome({ answer, of, onAgain, onOutcome, onRefresh, onSql }: Props) {
  const t = useTranslations("changes.outcome");
  switch (answer.outcome) {
    case "tried":
      return (
        <Alert tone="info" role="status" title={t("tried", { ms: Math.round(answer.ms) })}>
          <p>{t("triedDetail")}</p>
          {answer.notUndone.length > 0 && (
            <p className="mt-1">
              {t("notUndone")} {answer.notUndone.map((one) => t(`undone.${one}`)).join(" ")}
            </p>
          )}
          <Notices notices={answer.notices} />
        </Alert>
      );
    case "applied": {
      const { undo } = answer;
      const told = answer.stored.filter(({ differs, movedTo }) => differs.length > 0 || movedTo !== null);
      return (
        <Alert
          tone="success"
          role="status"
          title={t("applied", { count: of.rows.length, ms: Math.round(answer.ms) })}
        >
          {answer.foundOut && <p>{t("appliedFoundOut")}</p>}
          {told.length > 0 && (
            <ul className="mt-1 flex flex-col gap-1">
              {told.slice(0, mostTold).map((stored) => {
                const row = of.rows[stored.change];
                return (
                  <li key={stored.change}>
                    <span className="font-mono text-xs">
                      <CellText text={row === undefined ? "" : rowWords(of, row) || t("newRow")} />
                    </span>
                    <StoredCells stored={stored} />
                  </li>
                );
              })}
            </ul>
          )}
          <Notices notices={answer.notices} />
          {undo === null ? (
            <p className="mt-1 text-muted">{t("noUndo")}</p>
          ) : (
            <Undo undo={undo} onSql={onSql} />
          )}
        </Alert>
      );
    }
    case "conflict":
      return <Trouble title={t("conflict", { count: answer.conflicts.length })}>{t("nothingDone")}</Trouble>;
    case "refused":
      return (
        <Trouble title={t(answer.change === null ? "refusedWhole" : "refused")}>
          <ChangeTroubleText error={answer.error} />
          <p className="mt-1">
            {t("nothingDone")} {answer.again && t("again")}
          </p>
          {answer.again && (
            <Button size="sm" className="mt-2" onClick={onAgain}>
              {t("askAgain")}
            </Button>
          )}
        </Trouble>
      );
    case "not-editable":
      return <NotEditableNow answer={answer} />;
    case "table-changed":
      return (
        <Trouble title={t("tableChanged")}>
          <p>{t("nothingDone")}</p>
          <Button size="sm" className="mt-2" onClick={onRefresh}>
            {t("refresh")}
          </Button>
        </Trouble>
      );
    case "lost":
      return (
        <Trouble title={t("lost")}>
          <p>{t(answer.foundOut ? "lostFoundOut" : "lostBefore")}</p>
          <Button size="sm" className="mt-2" onClick={onAgain}>
            {t("askAgain")}
          </Button>
        </Trouble>
      );
    case "unknown":
      return (
        <Trouble title={t("unknown")}>
          <p>{t(answer.why === "no-function" ? "unknownNoFunction" : "unknownUnreachable")}</p>
          <span className="mt-2 flex flex-wrap gap-2">
            <Button size="sm" onClick={onOutcome}>
              {t("askOutcome")}
            </Button>
            <Button size="sm" onClick={onRefresh}>
              {t("refresh")}
            </Button>
          </span>
        </Trouble>
      );
  }
}

/** Rows that were stored otherwise than typed and are told of. */
const mostTold = 50;

function NotEditableNow({ answer }: { readonly answer: Extract<ChangeAnswer, { outcome: "not-editable" }> }) {
  const t = useTranslations("changes");
  const { column, why } = answer;
  return (
    <Trouble title={column === null ? t("outcome.notEditable") : t("outcome.notEditableColumn", { column })}>
      {t(`notEditable.${why}`)} {t("outcome.nothingDone")}
    </Trouble>
  );
}

function Trouble({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Alert tone="danger" role="alert" title={title}>
      <div className="text-[0.8125rem]">{children}</div>
    </Alert>
  );
}

function Undo({ undo, onSql }: { readonly undo: string; readonly onSql: Props["onSql"] }) {
  const t = useTranslations("changes.outcome");
  const [state, setState] = useState<"ready" | "asked" | "failed">("ready");
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2">
      <Button
        size="sm"
        pending={state === "asked"}
        onClick={() => {
          setState("asked");
          onSql(undo).then((isThere) => {
            if (!isThere) setState("failed");
          });
        }}
      >
        {t("undo")}
      </Button>
      <span role="status" className={state === "failed" ? "text-danger text-xs" : "text-muted text-xs"}>
        {t(state === "failed" ? "undoFailed" : "undoHint")}
      </span>
    </div>
  );
}

function Notices({ notices }: { readonly notices: readonly string[] }) {
  if (notices.length === 0) return null;
  return (
    <ul className="mt-1 font-mono text-muted text-xs">
      {notices.slice(0, 20).map((notice, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they stay in their order
        <li key={at}>
          <CellText text={notice} lines />
        </li>
      ))}
    </ul>
  );
}
