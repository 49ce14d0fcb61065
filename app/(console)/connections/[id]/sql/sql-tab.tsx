"use client";

import { Play, Square } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useRef, useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Switch } from "#components/ui/switch.tsx";
import { useFocusKept } from "#components/use-focus-kept.ts";
import { type ErrorPlace, errorPlace } from "#lib/session/error-place.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { ResultView } from "./result-view.tsx";
import { RunOutcome } from "./run-outcome.tsx";
import { SessionStrip } from "./session-strip.tsx";
import { SqlBox } from "./sql-box.tsx";
import { type RunHandle, useRun } from "./use-run.ts";

export interface SqlTabProps {
  readonly connectionId: string;
  /** Its revision, by which the page was opened. */
  readonly rev: number;
  /** Whether statements run read-only unless the person says otherwise. */
  readonly readOnlyFirst: boolean;
  /** Whether the person may write on this connection now; the server decides it again for each statement. */
  readonly mayWrite: boolean;
  /** What unlocks writing, where the connection is locked. */
  readonly unlock: ReactNode;
  /** What a read-only transaction does not bind; null when the server does not tell. */
  readonly unbound: readonly string[] | null;
  /** Which of the page's SQL tabs it is. */
  readonly slot?: string;
  /** What the page calls it. */
  readonly name?: string;
  /** Told when a run had to open a connection of its own. */
  readonly onOpened: (report: AttemptReport) => void;
}

const rowLimits = [1_000, 10_000, 100_000] as const;

/** A box for a statement, and what came of it. */
export function SqlTab(props: SqlTabProps) {
  const {
    connectionId,
    rev,
    readOnlyFirst,
    mayWrite,
    unbound,
    unlock,
    slot = "1",
    name = "SQL",
    onOpened,
  } = props;
  const t = useTranslations("session.sql");
  const advice = useTranslations("advice");
  const box = useRef<HTMLTextAreaElement>(null);
  const section = useRef<HTMLElement>(null);
  useFocusKept(section);
  const [sql, setSql] = useState("");
  const [readOnly, setReadOnly] = useState(readOnlyFirst);
  const [rowCap, setRowCap] = useState<number>(10_000);
  const handle = useRun(connectionId, rev, { slot, name }, onOpened);
  const { state, transaction, run, cancel, tab } = handle;
  const busy = state.phase === "running" || state.phase === "cancelling";
  const inTransaction = transaction !== "none";
  const protects = (readOnly || !mayWrite) && !inTransaction;

  const start = () => {
    if (!busy) run({ sql, readOnly: protects, rowCap });
  };
  // The place holds for the text that was run; once it is edited, the mark would lie.
  const place = sql === state.request?.sql ? placeOf(handle) : undefined;
  const goTo = ({ start: at }: ErrorPlace) => {
    box.current?.focus();
    box.current?.setSelectionRange(at, at);
  };

  return (
    <section
      ref={section}
      className="rounded-lg border border-line bg-surface shadow-card focus-within:border-control"
    >
      <SessionStrip
        tab={tab}
        busy={busy}
        onRunAnew={() => {
          tab.acknowledge();
          start();
        }}
      />
      <SqlBox value={sql} onChange={setSql} onRun={start} place={place} box={box} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-t bg-canvas/50 px-3 py-2">
        <Button look="primary" size="sm" pending={busy} onClick={start} title={t("shortcut")}>
          {!busy && <Play aria-hidden className="size-3.5" />}
          {t("run")}
        </Button>
        <Button size="sm" disabled={!busy} pending={state.phase === "cancelling"} onClick={cancel}>
          {state.phase !== "cancelling" && <Square aria-hidden className="size-3" />}
          {t("cancel")}
        </Button>
        <div className="ml-1 flex flex-wrap items-center gap-x-3 gap-y-1">
          <Switch
            label={t("readOnly")}
            checked={protects}
            disabled={busy || inTransaction}
            onChange={(event) => setReadOnly(event.target.checked)}
            title={inTransaction ? t("readOnlyInTransaction") : t(mayWrite ? "readOnlyHint" : "readOnlyOnly")}
          />
          {unlock}
          {protects && unbound === null && (
            <span title={advice("unboundUntoldWhy")}>
              <Badge>{advice("unboundUntold")}</Badge>
              <span className="sr-only">{advice("unboundUntoldWhy")}</span>
            </span>
          )}
          {protects && unbound !== null && unbound.length > 0 && (
            <span title={t("readOnlyUnboundWhy", { roles: unbound.join(", ") })}>
              <Badge tone="danger">{t("readOnlyUnbound")}</Badge>
              <span className="sr-only">{t("readOnlyUnboundWhy", { roles: unbound.join(", ") })}</span>
            </span>
          )}
        </div>
        <label className="ml-auto flex min-w-0 flex-wrap items-center gap-x-2 text-[0.8125rem] text-muted">
          {t("limit")}
          <select
            value={rowCap}
            onChange={(event) => setRowCap(Number(event.target.value))}
            className="control w-auto max-w-full py-0.5 text-[0.8125rem]"
          >
            {rowLimits.map((rows) => (
              <option key={rows} value={rows}>
                {t("limitRows", { rows })}
              </option>
            ))}
          </select>
        </label>
      </div>
      {inTransaction && (
        <TransactionBar
          failed={transaction === "failed"}
          busy={busy}
          onEnd={(command) => run({ sql: command, readOnly: false, rowCap })}
        />
      )}
      <RunOutcome
        state={state}
        place={place}
        onGoTo={goTo}
        onAgain={() => {
          if (!busy && state.request !== undefined) run(state.request);
        }}
      />
      <ResultView state={state} />
    </section>
  );
}

interface TransactionProps {
  readonly failed: boolean;
  readonly busy: boolean;
  readonly onEnd: (command: "commit" | "rollback") => void;
}

function TransactionBar({ failed, busy, onEnd }: TransactionProps) {
  const t = useTranslations("session.transaction");
  return (
    <div
      role="note"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-t bg-warn-soft px-3 py-2 text-[0.8125rem]"
    >
      <span className="font-medium text-warn">{t(failed ? "failed" : "open")}</span>
      <span className="ml-auto flex flex-wrap gap-2">
        {!failed && (
          <Button size="sm" disabled={busy} onClick={() => onEnd("commit")}>
            {t("commit")}
          </Button>
        )}
        <Button size="sm" disabled={busy} onClick={() => onEnd("rollback")}>
          {t("rollback")}
        </Button>
      </span>
    </div>
  );
}

function placeOf({ state }: RunHandle): ErrorPlace | undefined {
  const { end, request } = state;
  if (end?.type !== "error" || end.error?.position === undefined || request === undefined) return undefined;
  return errorPlace(request.sql, end.error.position);
}
