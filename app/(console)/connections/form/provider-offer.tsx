"use client";

import { useTranslations } from "next-intl";
import { useFormContext, useWatch } from "react-hook-form";
import { Button } from "#components/ui/button.tsx";
import { sessionTraits } from "#lib/providers/session-traits.ts";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";
import { useFieldChanges } from "./field-changes.ts";

interface Props {
  readonly host: string;
  readonly onTake: (change: FormChange) => void;
}

/** What the provider of a host does better with, and what is not set as it should be: one click each. */
export function ProviderOffer({ host, onTake }: Props) {
  const t = useTranslations("sessionTraits");
  const form = useTranslations("form.result");
  const { control } = useFormContext<FormValues>();
  const values = useWatch({ control }) as FormValues;
  const { changes } = useFieldChanges();
  const { needsSni, takesOptions, offers } = sessionTraits(host);
  const change: FormChange = {
    ...(values.ssl ? offers : {}),
    ...(needsSni && values.ssl && !values.sni ? { sni: true } : {}),
    ...(!takesOptions && values.options !== "" ? { options: "" } : {}),
  };
  const open = changes(change, values);
  if (open.length === 0) return null;
  return (
    <ul className="mt-1.5 flex flex-col gap-1.5">
      {open.map(({ field, label, to }) => (
        <li key={field} className="flex flex-col items-start gap-1 text-[0.8125rem]">
          <span>{t(`offer.${field as "negotiation" | "sni" | "options"}`)}</span>
          <Button size="sm" onClick={() => onTake({ [field]: change[field] })}>
            {form("apply", { title: `${label}: ${to}` })}
          </Button>
        </li>
      ))}
    </ul>
  );
}
