"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { ProblemCard } from "#components/problem-card.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { readableMs } from "#lib/rounded-ms.ts";
import type { ErrorPlace } from "#lib/session/error-place.ts";
import type { Notice, StatementError } from "#lib/session/run-events.ts";
import { type Advice, doneAdvice, statementAdvice } from "#lib/session/statement-advice.ts";
import type { RunEnd, RunState } from "./gathered-run.ts";

interface Props {
  readonly state: RunState;
  readonly place: ErrorPlace | undefined;
  readonly onGoTo: (place: ErrorPlace) => void;
  /** Runs the same once more. */
  readonly onAgain: () => void;
  /** Asks for more rows, where it waits at its limit. */
  readonly onMore: () => void;
}

/** What a run came to: one line, the error with its place, the messages of the server. */
export function RunOutcome({ state, onMore, ...handlers }: Props) {
  const { end, notices } = state;
  const dropped = end?.type === "done" ? end.noticesDropped : 0;
  return (
    <div className="flex flex-col gap-2 border-line border-t px-3 py-2 empty:hidden">
      <StatusLine state={state} />
      {end?.type === "done" && end.capped !== null && <Beyond state={state} end={end} onMore={onMore} />}
      {end !== undefined && end.type !== "done" && <Failure end={end} run={state} {...handlers} />}
      {notices.length > 0 && <Notices notices={notices} dropped={dropped} />}
    </div>
  );
}

function StatusLine({ state }: { readonly state: RunState }) {
  const t = useTranslations("session.result");
  return (
    <div role="status" aria-label={t("status")} className="text-[0.8125rem] tabular-nums empty:-mb-2">
      {state.phase === "idle" && <p className="text-muted">{t("idle")}</p>}
      {state.phase === "cancelling" && <p className="text-muted">{t("cancelling")}</p>}
      {state.phase === "running" && <Progress state={state} />}
      {state.end?.type === "done" && <Summary state={state} end={state.end} />}
    </div>
  );
}

/** Counts while it runs. Not read out: a screen reader would never fall silent. */
function Progress({ state }: { readonly state: RunState }) {
  const t = useTranslations("session.result");
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, []);
  const seconds = (Math.max(0, now - state.wentOnAt) / 1000).toFixed(1);
  return (
    <p aria-live="off" className="text-muted">
      {state.columns === undefined
        ? t("waiting", { seconds })
        : t("receiving", { rows: state.rowCount, seconds })}
    </p>
  );
}

function Summary({
  state,
  end,
}: {
  readonly state: RunState;
  readonly end: Extract<RunEnd, { type: "done" }>;
}) {
  const t = useTranslations("session.result");
  const advice = useTranslations("advice.done");
  const unsaid = doneAdvice(end, state.request?.readOnly === true);
  const writes = /^(INSERT|UPDATE|DELETE|MERGE)\b/.test(end.tag ?? "");
  const parts = [
    end.affected !== null &&
      (writes ? t("affected", { rows: end.affected }) : t("taken", { rows: end.affected })),
    end.affected === null && state.columns !== undefined && t("rows", { rows: end.rows }),
    end.affected === null && state.columns === undefined && (end.tag ?? t("empty")),
    t("time", { ms: readableMs(end.ms) }),
    end.firstRowMs !== null && end.ms > 100 && t("firstRow", { ms: readableMs(end.firstRowMs) }),
  ].filter((part) => part !== false);
  return (
    <p>
      {parts.join(" · ")}
      {end.capped !== null && (
        <span className="ml-2 rounded bg-warn-soft px-1.5 py-0.5 font-medium text-warn">
          {end.capped === "rows" ? t("cappedRows", { rows: end.rowCap }) : t("cappedBytes")}
        </span>
      )}
      {unsaid !== undefined && (
        <span data-advice={unsaid} className="mt-1 block text-warn">
          {advice(unsaid)}
        </span>
      )}
    </p>
  );
}

interface BeyondProps {
  readonly state: RunState;
  readonly end: Extract<RunEnd, { type: "done" }>;
  readonly onMore: () => void;
}

/** A result that came to its limit: how to see more of it, and what that holds on the server. */
function Beyond({ state, end, onMore }: BeyondProps) {
  const t = useTranslations("session.result");
  const { request, waitsMs } = state;
  if (request?.waits !== true) return null;
  if (waitsMs === undefined) {
    return <p className="text-[0.8125rem] text-muted">{t(`ended.${end.waited ?? "notKept"}`)}</p>;
  }
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[0.8125rem]">
      <Button size="sm" onClick={onMore}>
        {t("more", { rows: request.rowCap })}
      </Button>
      <p className="min-w-0 text-muted">{t("waits", { seconds: Math.round(waitsMs / 1000) })}</p>
    </div>
  );
}

interface FailureProps extends Omit<Props, "state" | "onMore"> {
  readonly end: Exclude<RunEnd, { type: "done" }>;
  readonly run: RunState;
}

function Failure({ end, run, ...handlers }: FailureProps) {
  const t = useTranslations("session.error");
  const transaction = useTranslations("session.transaction");
  if (end.type === "lost") {
    return (
      <Alert tone="danger" role="alert" title={t("lost")}>
        <p className="text-[0.8125rem]">{t("lostBody")}</p>
      </Alert>
    );
  }
  if (end.type === "refused") {
    const { explained } = end;
    return explained === undefined ? (
      <Alert
        tone="danger"
        role="alert"
        title={t("notRunning")}
        {...(end.status === 401 && { problem: "not-signed-in" })}
      >
        {end.status === 401 && <p className="text-[0.8125rem]">{t("signIn")}</p>}
      </Alert>
    ) : (
      <Explained explained={explained} />
    );
  }
  switch (end.stopped) {
    case "cancelled":
      return (
        <Alert tone="info" role="alert" title={t("cancelled")} problem="cancelled">
          <p className="text-[0.8125rem]">{t("cancelledBody")}</p>
        </Alert>
      );
    case "too-large":
      return (
        <Alert tone="warn" role="alert" title={t("tooLarge")}>
          <p className="text-[0.8125rem]">{t("tooLargeBody")}</p>
        </Alert>
      );
    case "too-long":
      return (
        <Alert tone="warn" role="alert" title={t("tooLong")}>
          <p className="text-[0.8125rem]">{t("tooLongBody")}</p>
        </Alert>
      );
    case "copy-out":
      return (
        <Alert tone="warn" role="alert" title={t("copyOut")}>
          <p className="text-[0.8125rem]">{t("copyOutBody")}</p>
        </Alert>
      );
    case "transaction-lost":
      return (
        <Alert tone="warn" role="alert" title={transaction("lost")}>
          <p className="text-[0.8125rem]">{transaction("lostBody")}</p>
        </Alert>
      );
    default:
      return (
        <>
          {end.explained !== null && <Explained explained={end.explained} />}
          {end.error !== null && (
            <ServerError
              error={end.error}
              advice={statementAdvice(end.error, run.request?.readOnly === true, run.request?.sql)}
              undone={end.transaction !== "none" ? "after-rollback" : run.inTransaction ? "whole" : "one"}
              {...handlers}
            />
          )}
        </>
      );
  }
}

function Explained({
  explained,
}: {
  readonly explained: NonNullable<Extract<RunEnd, { type: "refused" }>["explained"]>;
}) {
  const t = useTranslations("session.problem");
  const { problem, title, cause, fix, fixes } = explained;
  return (
    <ProblemCard
      code={problem.code}
      facts={problem.facts}
      words={{ title, cause, fix, fixes: fixes.map((one) => one.title) }}
      labels={{ next: t("next"), evidence: t("evidence"), help: t("help") }}
    />
  );
}

interface ServerErrorProps extends Omit<Props, "state" | "onMore"> {
  readonly error: StatementError;
  readonly advice: Advice | undefined;
  readonly undone: Undone;
}

/** What the error undid: a statement of its own, a transaction, or one that waits for its rollback. */
type Undone = "one" | "whole" | "after-rollback";

/** What the server said, as text and nothing else; and what to do, where that is known. */
function ServerError({ error, advice, undone, place, onGoTo, onAgain }: ServerErrorProps) {
  const t = useTranslations("session.error");
  const rows = [
    [t("detail"), error.detail],
    [t("hint"), error.hint ?? (isSecondStatement(error) ? t("one") : undefined)],
    [t("where"), error.where],
    [t("internalQuery"), error.internalQuery],
    [t("schema"), error.schema],
    [t("table"), error.table],
    [t("column"), error.column],
    [t("dataType"), error.dataType],
    [t("constraint"), error.constraint],
  ].filter((row): row is [string, string] => row[1] !== undefined);
  return (
    <Alert
      tone="danger"
      role="alert"
      title={
        <>
          <CellText text={`${error.severity}: ${error.message}`} />{" "}
          <span className="ml-1 font-mono text-xs font-normal text-muted">{error.sqlstate}</span>
        </>
      }
    >
      {place !== undefined && (
        <Button size="sm" className="mt-1.5" onClick={() => onGoTo(place)}>
          {t("goTo", { line: place.line, column: place.column })}
        </Button>
      )}
      {rows.length > 0 && (
        <dl className="mt-1.5 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5 text-[0.8125rem]">
          {rows.map(([name, text]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="min-w-0 whitespace-pre-wrap break-words">
                <CellText text={text} lines />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {advice !== undefined && <AdviceLine advice={advice} undone={undone} onAgain={onAgain} />}
    </Alert>
  );
}

interface AdviceProps {
  readonly advice: Advice;
  readonly undone: Undone;
  readonly onAgain: () => void;
}

/** What to do about an error. A single statement can be run again at once; of a transaction it is only the last. */
function AdviceLine({ advice, undone, onAgain }: AdviceProps) {
  const t = useTranslations("advice");
  return (
    <div data-advice={advice.id} className="mt-2 border-line border-t pt-2 text-[0.8125rem]">
      <p>
        <span className="font-medium">{t("label")}</span> {t(`ids.${advice.id}`)}
        {advice.again && undone === "after-rollback" && ` ${t("rollbackFirst")}`}
        {advice.again && undone === "whole" && ` ${t("wholeTransaction")}`}
      </p>
      {advice.again && undone === "one" && (
        <Button size="sm" className="mt-1.5" onClick={onAgain}>
          {t("again")}
        </Button>
      )}
    </div>
  );
}

/** 42601 with this routine is the server's refusal of a second statement (exec_parse_message). */
function isSecondStatement(error: StatementError): boolean {
  return error.sqlstate === "42601" && error.routine === "exec_parse_message";
}

function Notices({ notices, dropped }: { readonly notices: readonly Notice[]; readonly dropped: number }) {
  const t = useTranslations("session.notices");
  let place = 0;
  return (
    <details open className="text-[0.8125rem]">
      <summary className="w-fit rounded-sm font-medium text-muted text-xs">
        {t("title", { count: notices.length })}
      </summary>
      <ul className="mt-1 flex max-h-48 flex-col gap-0.5 overflow-y-auto rounded-md bg-sunken px-3 py-2 font-mono text-xs">
        {notices.map((notice) => {
          place += 1;
          return (
            <li key={place} className="flex gap-2">
              <span className={notice.warning ? "font-medium text-warn" : "text-muted"}>
                <CellText text={notice.severity} />
              </span>
              <span className="min-w-0 whitespace-pre-wrap break-words">
                <CellText
                  text={[notice.message, notice.detail, notice.hint]
                    .filter((text) => text !== undefined)
                    .join("\n")}
                  lines
                />
              </span>
            </li>
          );
        })}
        {dropped > 0 && <li className="text-muted">{t("dropped", { count: dropped })}</li>}
      </ul>
    </details>
  );
}
