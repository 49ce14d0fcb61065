"use client";

import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useFormContext } from "react-hook-form";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { secretsLed } from "#lib/profiles/change-effects.ts";
import type { FormChange, FormValues, SecretField } from "#lib/settings/form-values.ts";
import { type FormSetting, useFormSetting } from "./form-setting.tsx";

interface Props {
  readonly title: string;
  readonly change: FormChange;
  readonly onApply: (change: FormChange) => void;
}

/**
 * Applies one fix. Where it would lead on a stored secret that somebody else gave, the secret is asked for here, before
 * anything is sent: the server would only refuse.
 */
export function FixButton({ title, change, onApply }: Props) {
  const t = useTranslations("form");
  const { getValues } = useFormContext<FormValues>();
  const setting = useFormSetting();
  const [asked, setAsked] = useState<readonly SecretField[]>([]);
  const [given, setGiven] = useState<Partial<Record<SecretField, string>>>({});
  const boxes = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (asked.length > 0) boxes.current?.querySelector("input")?.focus();
  }, [asked]);

  function press(): void {
    const needed = secretsNeeded({ ...getValues(), ...change }, setting);
    const missing = needed.filter((field) => (given[field] ?? "") === "");
    if (missing.length === 0) onApply({ ...change, ...given });
    else setAsked(needed);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter") return;
    // The form around it would try the connection as it stands.
    event.preventDefault();
    press();
  }

  return (
    <>
      {asked.length > 0 && (
        <div ref={boxes} className="flex w-full flex-col gap-2">
          <p className="text-xs">{t("lead.ask")}</p>
          {asked.map((field) => (
            <TextField
              key={field}
              type="password"
              autoComplete="off"
              label={t(`labels.${field}`)}
              value={given[field] ?? ""}
              onChange={(event) => setGiven({ ...given, [field]: event.target.value })}
              onKeyDown={onKeyDown}
            />
          ))}
        </div>
      )}
      <Button size="wrap" onClick={press}>
        {t("result.apply", { title })}
      </Button>
    </>
  );
}

/** A key is no line of text: it is asked for in its own box, by the form. */
function secretsNeeded(
  next: FormValues,
  { saved, stored, yours }: Pick<FormSetting, "saved" | "stored" | "yours">,
): readonly SecretField[] {
  if (saved === undefined) return [];
  return secretsLed(next, saved).filter(
    (field) =>
      field !== "clientKey" &&
      stored[field] &&
      !yours[field] &&
      next[field] === "" &&
      next.secretActs[field] !== "remove",
  );
}
