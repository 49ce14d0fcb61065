"use client";

import { useTranslations } from "next-intl";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import type { FieldProblems } from "#lib/problems/field-messages.ts";
import { randomId } from "#lib/random-id.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { useFieldChanges } from "../form/field-changes.ts";
import { type ActionFailure, actionFailure } from "./action-failure.ts";
import { Failure } from "./attempt-outcome.tsx";
import type { OutcomePlace } from "./outcome-place.ts";
import type { StrongestAction, StrongestAnswer } from "./strongest-answer.ts";
import { sendCancel } from "./use-attempt.ts";

interface Props {
  readonly search: StrongestAction;
  readonly connectionId: string | undefined;
  readonly place: OutcomePlace;
  /** Mistakes of the fields, and the end of a search that shows nothing by itself. */
  readonly onFields: (problems: FieldProblems) => void;
}

/** Runs one search as it appears, and proposes what it found; loaded when somebody asks for it. */
export function StrongestPanel({ search, connectionId, place, onFields }: Props) {
  const t = useTranslations("form.strongest");
  const words = useTranslations("form.result");
  const [end, setEnd] = useState<
    StrongestAnswer | { readonly type: "failed"; readonly why: ActionFailure }
  >();
  const [values] = useState(() => structuredClone(place.values()));
  const id = useRef("");

  const begin = useEffectEvent(async (isLive: () => boolean) => {
    id.current = randomId();
    try {
      const answer = await search(values, id.current, connectionId);
      if (!isLive()) return;
      if (answer.type === "fields") onFields(answer.problems);
      else setEnd(answer);
    } catch (error) {
      if (isLive()) setEnd({ type: "failed", why: actionFailure(error) });
    }
  });

  // Leaving the page, or another test, ends the search.
  useEffect(() => {
    let live = true;
    // After the second mount of the development mode, not in each.
    const timer = setTimeout(() => void begin(() => live));
    return () => {
      live = false;
      clearTimeout(timer);
      if (id.current !== "") sendCancel(id.current);
    };
  }, []);

  if (end === undefined) {
    return (
      <div className="flex items-center justify-between gap-2 text-[0.8125rem] text-muted">
        <p>{t("running")}</p>
        <Button size="sm" onClick={() => sendCancel(id.current)}>
          {t("cancel")}
        </Button>
      </div>
    );
  }
  switch (end.type) {
    case "found":
      return <Found found={end} values={values} place={place} />;
    case "stuck":
      return (
        <div className="flex flex-col gap-2">
          <p className="text-[0.8125rem] font-medium">{t("stuck")}</p>
          <Failure explained={end.explained} also={[]} place={place} />
        </div>
      );
    case "problem":
      return <Failure explained={end.explained} also={[]} place={place} />;
    case "cancelled":
      return <Alert tone="info" title={t("cancelled")} />;
    case "failed":
      return (
        <Alert
          tone="danger"
          role="alert"
          problem="unexpected"
          title={words(end.why === "stale" ? "stale" : "lost")}
        />
      );
    default:
      return null;
  }
}

interface FoundProps {
  readonly found: Extract<StrongestAnswer, { readonly type: "found" }>;
  readonly values: FormValues;
  readonly place: OutcomePlace;
}

function Found({ found, values, place }: FoundProps) {
  const t = useTranslations("form.strongest");
  const words = useTranslations("form.result");
  const { changes } = useFieldChanges();
  const { change, reasons, open, compare, tries } = found;
  const differs = Object.keys(change).length > 0;
  return (
    <Alert tone="success" title={t(differs ? "found" : "same")}>
      <div className="mt-1 flex flex-col items-start gap-2 text-[0.8125rem]">
        {differs && place.onApply !== undefined && (
          <Button size="wrap" onClick={() => place.onApply?.(change)}>
            {words("apply", { title: t("use") })}
          </Button>
        )}
        <ul className="text-[0.8125rem] text-muted">
          {changes(change, values).map(({ field, label, from, to }) => (
            <li key={field} className="break-words">
              {label}: <span className="line-through">{from}</span> → <span className="text-ink">{to}</span>
            </li>
          ))}
        </ul>
        {compare !== null && (
          <p className="text-warn">
            {t("compare")} <span className="font-mono text-[0.8125rem] break-all">{compare}</span>
          </p>
        )}
        {reasons.length > 0 && (
          <div>
            <p className="text-[0.8125rem] font-medium text-muted">{t("because")}</p>
            <ul className="list-disc pl-4">
              {reasons.map(({ code, title }) => (
                <li key={code}>{title}</li>
              ))}
            </ul>
          </div>
        )}
        {open !== null && <p className="text-warn">{t("open", { title: open.title })}</p>}
        <p className="text-[0.8125rem] text-muted">{t("tries", { count: tries })}</p>
      </div>
    </Alert>
  );
}
