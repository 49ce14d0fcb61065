"use client";

import { useTranslations } from "next-intl";
import { stepNames } from "#lib/problems/step-names.ts";

/** The steps before anything was tried, in one line: which there will be. */
export function IdleSteps() {
  const t = useTranslations("form.result");
  const words = useTranslations("steps.names");
  return (
    <ol
      aria-label={t("steps")}
      className="flex min-w-0 flex-wrap gap-x-1.5 text-[0.8125rem] text-muted max-sm:sr-only"
    >
      {stepNames.map((name) => (
        <li key={name} className="not-first:before:mr-1.5 not-first:before:content-['·']">
          {words(name)}
          <span className="sr-only">{t("states.waiting")}</span>
        </li>
      ))}
    </ol>
  );
}
