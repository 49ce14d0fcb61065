"use client";

import { useTranslations } from "next-intl";
import { useFormContext } from "react-hook-form";
import { Button } from "#components/ui/button.tsx";
import type { FormValues, SecretField as SecretName } from "#lib/settings/form-values.ts";

interface Props {
  readonly name: SecretName;
  readonly value: string;
}

/** Asks about signs in a secret that nobody sees and few mean, as come along from web pages, and takes them out. */
export function HiddenSigns({ name, value }: Props) {
  const t = useTranslations("form.secret");
  const { setFocus, setValue } = useFormContext<FormValues>();
  const signs = new Set([...value.matchAll(/\p{Cf}/gu)].map(([sign]) => nameOf(sign)));
  return (
    <p className="flex flex-wrap items-center gap-2 text-xs text-muted" role="status">
      {t("unseen", { signs: [...signs].slice(0, 5).join(", ") })}
      <Button
        size="sm"
        onClick={() => {
          setValue(name, value.replace(/\p{Cf}/gu, ""), { shouldDirty: true, shouldValidate: true });
          // The button goes with what it is for.
          setFocus(name);
        }}
      >
        {t("takeOut")}
      </Button>
    </p>
  );
}

function nameOf(sign: string): string {
  return `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
