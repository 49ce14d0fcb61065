"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Suspense, useEffect, useState } from "react";
import type { PlanRefusal } from "#app/api/connections/[id]/plan/route.ts";
import { CellText } from "#components/cell-text.tsx";
import { ProblemCard } from "#components/problem-card.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { type ErrorPlace, errorPlace } from "#lib/session/error-place.ts";
import { PaneWords } from "../pane-words.tsx";
import type { TabHandle } from "../sql/use-tab.ts";
import type { PlanAsk, PlanHow } from "./plan-ask.ts";
import { PlanView } from "./plan-view.tsx";
import type { PlanHandle } from "./use-plan.ts";
import { type PlanState, usePlanAnswer } from "./use-plan-answer.ts";

interface Props {
  readonly connectionId: string;
  readonly rev: number;
  readonly ask: PlanAsk;
  readonly plan: PlanHandle;
  readonly tab: TabHandle;
  readonly inTransaction: boolean;
  readonly mayWrite: boolean;
  /** The tab's statements run read-only now. */
  readonly readOnly: boolean;
  /** What stands in the box now: a place holds for the text that was asked about. */
  readonly text: string;
  readonly onGoTo: (place: ErrorPlace) => void;
}

/** What has become of the asking for a plan, as a result of its SQL tab. */
export function PlanResult(props: Props) {
  return (
    <Suspense fallback={null}>
      <PaneWords of="plan">
        <Result {...props} />
      </PaneWords>
    </Suspense>
  );
}

function Result(props: Props) {
  const { ask, plan, inTransaction, mayWrite, readOnly } = props;
  const t = useTranslations("plan");
  const state = usePlanAnswer(ask, props, plan);
  const again = (how: PlanHow) => plan.set({ ...ask, how, at: performance.now() });
  const writes = state.phase === "refused" && isWriteRefusal(state.refusal);
  return (
    <section aria-label={t("label")} data-plan={state.phase} className="border-line border-t">
      {(state.phase === "running" || state.phase === "cancelling") && (
        <p className="flex flex-wrap items-center gap-3 px-3 py-2 text-[0.8125rem] text-muted tabular-nums">
          <Progress how={ask.how} startedAt={state.startedAt} />
          <Button size="sm" pending={state.phase === "cancelling"} onClick={() => plan.stop.current()}>
            {t(state.phase === "cancelling" ? "cancelling" : "cancel")}
          </Button>
        </p>
      )}
      {state.phase === "shown" && (
        <PlanView
          plan={planOf(state)}
          tab={plan.stop}
          busy={plan.busy}
          onMeasure={() => again("measure")}
          onClose={() => plan.set(undefined)}
        />
      )}
      {writes && (
        <WriteQuestion
          may={!mayWrite ? "not" : readOnly ? "switch" : "yes"}
          inTransaction={inTransaction}
          onMeasure={() => again("measure-write")}
        />
      )}
      {!writes && <Failure state={state} {...props} />}
      {state.phase !== "shown" && state.phase !== "running" && state.phase !== "cancelling" && (
        <p className="px-3 pb-2">
          <Button size="sm" look="quiet" onClick={() => plan.set(undefined)}>
            <X aria-hidden className="size-3.5" />
            {t("close")}
          </Button>
        </p>
      )}
    </section>
  );
}

function planOf({ ask, values, answer }: Extract<PlanState, { phase: "shown" }>) {
  const { at, how, text, pieces } = ask;
  const [piece] = pieces;
  return { at, how, values, sql: piece?.does === "run" ? piece.sql : text, json: answer.plan };
}

/** 25006 read_only_sql_transaction: the server says that it writes, before it has. */
function isWriteRefusal(refusal: PlanRefusal): boolean {
  return refusal.why === "refused" && refusal.error.sqlstate === "25006";
}

/** Counts while it runs. Not read out: a screen reader would never fall silent. */
function Progress({ how, startedAt }: { readonly how: PlanHow; readonly startedAt: number }) {
  const t = useTranslations("plan.running");
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, []);
  const seconds = (Math.max(0, now - startedAt) / 1000).toFixed(1);
  return <span aria-live="off">{t(how, { seconds })}</span>;
}

interface QuestionProps {
  /** `switch`: once the Read-only switch is off. */
  readonly may: "yes" | "switch" | "not";
  readonly inTransaction: boolean;
  readonly onMeasure: () => void;
}

/** Said before it is done, and done only when it is pressed. */
function WriteQuestion({ may, inTransaction, onMeasure }: QuestionProps) {
  const t = useTranslations("plan");
  return (
    <Alert tone="warn" role="alert" title={t("writes.title")} className="m-3">
      <div className="mt-1 flex flex-col items-start gap-2 text-[0.8125rem]">
        {may === "yes" ? (
          <>
            <p>
              {t("writes.body")} {inTransaction && t("writes.inTransaction")}
            </p>
            <Button size="sm" onClick={onMeasure}>
              {t("measureWrite")}
            </Button>
          </>
        ) : (
          <p>{t(`writes.${may}`)}</p>
        )}
      </div>
    </Alert>
  );
}

function Failure({ state, ask, text, onGoTo }: Props & { readonly state: PlanState }) {
  const t = useTranslations("plan");
  if (state.phase === "lost")
    return <Alert tone="danger" role="alert" title={t("refused.lost")} className="m-3" />;
  if (state.phase === "problem") {
    const { problem, title, cause, fix, fixes } = state.explained;
    return (
      <div className="p-3">
        <ProblemCard
          code={problem.code}
          facts={problem.facts}
          words={{ title, cause, fix, fixes: fixes.map((one) => one.title) }}
          labels={{ next: t("problem.next"), evidence: t("problem.evidence"), help: t("problem.help") }}
        />
      </div>
    );
  }
  if (state.phase !== "refused") return null;
  const { refusal } = state;
  if (refusal.why !== "refused")
    return <Alert tone="info" role="alert" title={t(`refused.${refusal.why}`)} className="m-3" />;
  const { error } = refusal;
  const place = text === ask.text ? placeOf(ask, error.position) : undefined;
  return (
    <Alert
      tone="danger"
      role="alert"
      className="m-3"
      title={
        <>
          <CellText text={`${error.severity}: ${error.message}`} />{" "}
          <span className="ml-1 font-mono font-normal text-muted text-xs">{error.sqlstate}</span>
        </>
      }
    >
      <dl className="mt-1 text-[0.8125rem]">
        {(["detail", "hint"] as const).map((name) => {
          const said = error[name];
          return (
            said !== undefined && (
              <div key={name} className="flex gap-2">
                <dt className="text-muted">{t(`error.${name}`)}</dt>
                <dd className="min-w-0 break-words">
                  <CellText text={said} lines />
                </dd>
              </div>
            )
          );
        })}
      </dl>
      {place !== undefined && (
        <Button size="sm" className="mt-2" onClick={() => onGoTo(place)}>
          {t("error.goTo")}
        </Button>
      )}
    </Alert>
  );
}

/** Where an error of the statement lies in the text of the box. */
function placeOf({ pieces, text }: PlanAsk, position: number | undefined): ErrorPlace | undefined {
  const [piece] = pieces;
  if (position === undefined || position === 0 || piece?.does !== "run" || piece.offset < 0) return undefined;
  return errorPlace(text, [...text.slice(0, piece.offset)].length + position);
}
