"use client";

import { useTranslations } from "next-intl";
import { type KeyboardEvent, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { secretsLed } from "#lib/profiles/change-effects.ts";
import type { FormChange, FormValues, SecretField } from "#lib/settings/form-values.ts";
import type { OutcomePlace } from "../attempt/outcome-place.ts";

interface Props {
  readonly title: string;
  readonly change: FormChange;
  readonly first: boolean;
  readonly place: Pick<OutcomePlace, "values" | "secrets">;
  readonly onApply: (change: FormChange) => void;
}

/**
 * Applies one fix. Where it would lead on a stored secret that somebody else gave, the secret is asked for beside the
 * button, before anything is sent: the server would only refuse.
 */
export function FixButton({ title, change, first, place, onApply }: Props) {
  const t = useTranslations("form");
  const words = useTranslations("outcome");
  const [given, setGiven] = useState<Partial<Record<SecretField, string>>>({});
  const boxes = useRef<HTMLDivElement>(null);
  const asked = secretsNeeded({ ...place.values(), ...change }, place.secrets);

  function press(): void {
    // What stands in the form may have changed since this was drawn.
    const needed = secretsNeeded({ ...place.values(), ...change }, place.secrets);
    const missing = needed.findIndex((field) => (given[field] ?? "") === "");
    if (missing < 0) onApply({ ...change, ...given });
    else boxes.current?.querySelectorAll("input")[missing]?.focus();
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
          <p className="text-muted">{t("lead.ask")}</p>
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
      <Button
        size="sm"
        look={first ? "primary" : "secondary"}
        className="mt-auto self-start"
        aria-label={t("result.apply", { title })}
        onClick={press}
      >
        {words("apply")}
      </Button>
    </>
  );
}

/** A key is no line of text: it is asked for in its own box, by the form. */
function secretsNeeded(
  next: FormValues,
  { saved, stored, yours }: OutcomePlace["secrets"],
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
