"use client";

import { useTranslations } from "next-intl";
import { lazy, type RefObject, Suspense } from "react";
import type { Explained } from "#app/_server/answer.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { ConfirmAction } from "../form/confirm-person.tsx";
import type { FieldMistake } from "../form/field-mistake.ts";
import type { ActionFailure } from "./action-failure.ts";
import type { AttemptState } from "./attempt-state.ts";
import { loadOutcome } from "./load-outcome.ts";
import type { OutcomePlace } from "./outcome-place.ts";
import { OutcomeRegion } from "./outcome-region.tsx";

const AttemptOutcome = lazy(async () => ({ default: (await loadOutcome()).AttemptOutcome }));
const Failure = lazy(async () => ({ default: (await loadOutcome()).Failure }));
const Running = lazy(async () => ({ default: (await loadOutcome()).Running }));
const Mistakes = lazy(async () => ({ default: (await import("../form/mistakes.tsx")).Mistakes }));

interface Props {
  readonly state: AttemptState;
  readonly mistakes: readonly FieldMistake[];
  /** A problem that Save or Connect met. */
  readonly trouble: Explained | undefined;
  /** Why Save or Connect got no answer. */
  readonly failure: ActionFailure | undefined;
  /** Whether the steps stand beside it. */
  readonly withSteps: boolean;
  readonly place: OutcomePlace;
  readonly onFocus: (field: keyof FormValues) => void;
  readonly onCancel: () => void;
  readonly confirm: ConfirmAction | undefined;
  /** Does again what a confirmation was asked for. */
  readonly onConfirmed: () => void;
  readonly region: RefObject<HTMLDivElement | null>;
}

/** How it ended: a status region that is always there, so that screen readers tell when it fills. */
export function ConnectionResult(props: Props) {
  const { state, mistakes, trouble, failure, withSteps, place, region } = props;
  const words = useTranslations("outcome");
  const end = failure === undefined ? state.end : ({ type: "failed", failure } as const);
  return (
    <OutcomeRegion region={region} withSteps={withSteps}>
      {mistakes.length === 0 && trouble === undefined && !state.running && end === undefined ? (
        <p className="text-[0.8125rem] font-medium">{words("idle")}</p>
      ) : (
        <Suspense fallback={null}>
          {mistakes.length > 0 ? (
            <Mistakes {...props} />
          ) : trouble !== undefined ? (
            <Failure explained={trouble} also={[]} place={place} />
          ) : state.running ? (
            <Running host={place.values().host} onCancel={props.onCancel} />
          ) : (
            end !== undefined && <AttemptOutcome end={end} place={place} />
          )}
        </Suspense>
      )}
    </OutcomeRegion>
  );
}
