"use client";

import { useTranslations } from "next-intl";
import { type KeyboardEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { TextAreaField } from "#components/ui/text-area-field.tsx";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";

/** A fix that wants something of the person: what, and what the form is changed to with it. */
interface Giving {
  readonly takes: "secret" | "certificate";
  readonly change: (given: string, values: FormValues) => FormChange;
}

/** Whether a fix wants a client certificate with all that belongs to it, for which there is a box of its own. */
export function wantsClient(fixId: string): boolean {
  return fixId === "give-client-certificate";
}

/** What a fix wants to be given in one box; undefined where it wants nothing, or more than that. */
export function givingOf(fixId: string): Giving | undefined {
  return givings[fixId];
}

const authority: Giving = { takes: "certificate", change: (ca) => ({ trust: "own", ca }) };

const givings: Readonly<Partial<Record<string, Giving>>> = {
  "give-password": {
    takes: "secret",
    change: (password, { signIn }) => ({ ...(signIn !== "password" && { signIn: "password" }), password }),
  },
  "give-passphrase": { takes: "secret", change: (keyPassphrase) => ({ keyPassphrase }) },
  "give-ca": authority,
  "give-root": authority,
};

interface Props {
  readonly giving: Giving;
  readonly title: string;
  /** Of the heading that says what is wanted. */
  readonly titleId: string;
  readonly first: boolean;
  readonly values: () => FormValues;
  readonly onApply: (change: FormChange) => void;
}

/** The box for what a fix wants, and its button. */
export function GivingBox({ giving, title, titleId, first, values, onApply }: Props) {
  const t = useTranslations("outcome");
  const words = useTranslations("form.result");
  const [given, setGiven] = useState("");
  const [isMissing, setMissing] = useState(false);
  const [box, setBox] = useState<HTMLElement | null>(null);

  function press(): void {
    setMissing(given.trim() === "");
    if (given.trim() === "") box?.focus();
    else onApply(giving.change(given, values()));
  }

  const shared = {
    ref: setBox,
    value: given,
    "aria-describedby": titleId,
    error: isMissing ? t("empty") : undefined,
    onChange: ({ target }: { readonly target: { readonly value: string } }) => {
      setGiven(target.value);
      setMissing(false);
    },
  };
  return (
    <>
      {giving.takes === "secret" ? (
        <TextField
          {...shared}
          type="password"
          autoComplete="off"
          label={t("here")}
          onKeyDown={(event: KeyboardEvent) => {
            if (event.key !== "Enter") return;
            // The form around it would try the connection as it stands.
            event.preventDefault();
            press();
          }}
        />
      ) : (
        <TextAreaField {...shared} label={t("herePem")} rows={3} mono />
      )}
      <Button
        size="sm"
        look={first ? "primary" : "secondary"}
        className="mt-auto self-start"
        aria-label={words("apply", { title })}
        onClick={press}
      >
        {t("apply")}
      </Button>
    </>
  );
}
