"use client";

import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useId } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { Badge } from "#components/ui/badge.tsx";
import { classes } from "#components/ui/classes.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

const AdvancedSettings = lazy(async () => ({
  default: (await import("./advanced-settings.tsx")).AdvancedSettings,
}));

/** What stands under "Advanced"; the modes Prefer and Allow come with it, among the other modes. */
export const advancedNames = [
  "networkAddress",
  "minVersion",
  "maxVersion",
  "negotiation",
  "channelBinding",
  "sni",
  "connectTimeout",
  "applicationName",
  "options",
  "allowWeakPassword",
  "crl",
] as const satisfies readonly (keyof FormValues)[];

interface Props {
  readonly open: boolean;
  readonly onToggle: () => void;
}

export function AdvancedFields({ open, onToggle }: Props) {
  const t = useTranslations("form");
  const id = useId();
  const { control } = useFormContext<FormValues>();
  const values = useWatch({ control, name: advancedNames });
  const changed = advancedNames.filter((name, index) => values[index] !== newFormValues[name]).length;
  return (
    <section aria-labelledby={`${id}-title`} className="rounded-lg border border-line bg-surface shadow-card">
      <h2 id={`${id}-title`}>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={onToggle}
          className="flex w-full items-center gap-2 rounded-lg px-4 py-3.5 text-left sm:px-6"
        >
          <ChevronRight
            aria-hidden
            className={classes("size-4 shrink-0 text-muted transition-transform", open && "rotate-90")}
          />
          <span className="text-[0.9375rem] font-semibold">{t("sections.advanced")}</span>
          <span aria-hidden className="hidden min-w-0 truncate text-[0.8125rem] text-muted sm:inline">
            {t("sections.advancedLead")}
          </span>
          {changed > 0 && (
            <Badge tone="accent" className="ml-auto">
              {t("sections.advancedChanged", { count: changed })}
            </Badge>
          )}
        </button>
      </h2>
      <div id={id} hidden={!open} className="px-4 pb-4 sm:px-6 sm:pb-6">
        {open && (
          <Suspense fallback={<div className="h-80" />}>
            <AdvancedSettings />
          </Suspense>
        )}
      </div>
    </section>
  );
}
