"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import type { FieldMessage } from "#lib/problems/field-messages.ts";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";
import type { ConfirmAction } from "../form/confirm-person.tsx";
import type { ActionFailure } from "./action-failure.ts";
import type { AttemptState } from "./use-attempt.ts";

const AttemptOutcome = lazy(async () => ({ default: (await loadOutcome()).AttemptOutcome }));
const Failure = lazy(async () => ({ default: (await loadOutcome()).Failure }));
const ConfirmPerson = lazy(async () => ({
  default: (await import("../form/confirm-person.tsx")).ConfirmPerson,
}));

/** Asked for as a test begins, so that it is there when the test ends. */
export function loadOutcome() {
  return import("./attempt-outcome.tsx");
}

/** A field that keeps the form from being used, in words. */
export interface FieldMistake {
  readonly field: keyof FormValues;
  readonly label: string;
  readonly words: string;
  readonly code: string;
  readonly message: FieldMessage;
}

interface Props {
  readonly state: AttemptState;
  readonly mistakes: readonly FieldMistake[];
  /** A problem that Save or Connect met. */
  readonly trouble: Explained | undefined;
  /** Why Save or Connect got no answer. */
  readonly failure: ActionFailure | undefined;
  readonly onFocus: (field: keyof FormValues) => void;
  readonly onApply: (change: FormChange) => void;
  readonly confirm: ConfirmAction | undefined;
  /** Does again what a confirmation was asked for. */
  readonly onConfirmed: () => void;
}

/** How it ended: a status region that is always there, so that screen readers tell when it fills. */
export function ConnectionResult(props: Props) {
  const { state, mistakes, trouble, failure, onFocus, onApply, confirm, onConfirmed } = props;
  const t = useTranslations("form.result");
  const end = failure === undefined ? state.end : ({ type: "failed", failure } as const);
  return (
    <div
      role="status"
      aria-label={t("label")}
      // What was pressed in it goes with its old content: focus stays with the new one.
      data-focus-home
      tabIndex={-1}
      className="flex flex-col gap-3"
    >
      {mistakes.length > 0 ? (
        <Mistakes {...{ mistakes, onFocus, confirm, onConfirmed }} />
      ) : trouble !== undefined ? (
        <Suspense fallback={null}>
          <Failure explained={trouble} also={[]} onApply={onApply} />
        </Suspense>
      ) : state.running ? (
        <p className="text-[0.8125rem] text-muted">{t("running")}</p>
      ) : end !== undefined ? (
        <Suspense fallback={null}>
          <AttemptOutcome end={end} onApply={onApply} />
        </Suspense>
      ) : (
        <p className="text-[0.8125rem] text-muted">{t("idle")}</p>
      )}
    </div>
  );
}

/** Asked for only where nothing else stands in the way: what was confirmed goes on at once. */
const toConfirm: ReadonlySet<FieldMessage> = new Set(["secret-confirm", "token-credentials-confirm"]);

function Mistakes({
  mistakes,
  onFocus,
  confirm,
  onConfirmed,
}: Pick<Props, "mistakes" | "onFocus" | "confirm" | "onConfirmed">) {
  const t = useTranslations("form.result");
  const asks = mistakes.every(({ message }) => toConfirm.has(message));
  return (
    <Alert
      tone="danger"
      role="alert"
      title={t("fields", { count: mistakes.length })}
      {...(mistakes[0] && { problem: mistakes[0].code })}
    >
      <ul className="mt-1 flex flex-col gap-1 text-[0.8125rem]">
        {mistakes.map(({ field, label, words }) => (
          <li key={field}>
            <button
              type="button"
              onClick={() => onFocus(field)}
              className="rounded-sm font-medium text-accent underline-offset-2 hover:underline"
            >
              {label}
            </button>
            : {words}
          </li>
        ))}
      </ul>
      {asks && confirm !== undefined && (
        <Suspense fallback={null}>
          <ConfirmPerson confirm={confirm} onConfirmed={onConfirmed} />
        </Suspense>
      )}
    </Alert>
  );
}
