"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import { Alert } from "#components/ui/alert.tsx";
import type { FieldMessage } from "#lib/problems/field-messages.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { ConfirmAction } from "./confirm-person.tsx";
import type { FieldMistake } from "./field-mistake.ts";

const ConfirmPerson = lazy(async () => ({ default: (await import("./confirm-person.tsx")).ConfirmPerson }));

/** Asked for only where nothing else stands in the way: what was confirmed goes on at once. */
const toConfirm: ReadonlySet<FieldMessage> = new Set(["secret-confirm", "token-credentials-confirm"]);

interface Props {
  readonly mistakes: readonly FieldMistake[];
  /** Left out where the fields are elsewhere. */
  readonly onFocus?: (field: keyof FormValues) => void;
  readonly confirm: ConfirmAction | undefined;
  readonly onConfirmed: () => void;
}

/** What keeps the form from being used, each with the way to its field; loaded when there is something. */
export function Mistakes({ mistakes, onFocus, confirm, onConfirmed }: Props) {
  const t = useTranslations("form.result");
  const asks = mistakes.every(({ message }) => toConfirm.has(message));
  return (
    <Alert
      tone="danger"
      role="alert"
      title={t("fields", { count: mistakes.length })}
      className="w-full self-start lg:col-start-2 lg:row-start-1"
      {...(mistakes[0] && { problem: mistakes[0].code })}
    >
      <ul className="mt-1 flex flex-col gap-1 text-[0.8125rem]">
        {mistakes.map(({ field, label, words }) => (
          <li key={field}>
            {onFocus === undefined ? (
              <span className="font-medium">{label}</span>
            ) : (
              <button
                type="button"
                onClick={() => onFocus(field)}
                className="rounded-sm font-medium text-accent underline-offset-2 hover:underline"
              >
                {label}
              </button>
            )}
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
