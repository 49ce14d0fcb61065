"use client";

import { useTranslations } from "next-intl";
import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { Waiting } from "#components/waiting.tsx";
import { askConsole, type Refusal } from "../ask-console.ts";
import { onFragmentToken } from "../on-fragment-token.ts";
import { RefusalAlert } from "../refusal-alert.tsx";
import { useHydrated } from "../use-hydrated.ts";

/** Makes the owner and goes on, signed in. What was typed stays when it did not work. */
export function SetupForm() {
  const t = useTranslations("access.setup");
  const wait = useTranslations("waiting");
  const hydrated = useHydrated();
  const [waiting, setWaiting] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const form = useRef<HTMLFormElement>(null);
  const errors = useFieldErrors(refusal);

  useEffect(
    () =>
      onFragmentToken((token) => {
        const field = form.current?.elements.namedItem("token");
        if (field instanceof HTMLInputElement) field.value = token;
        const next = form.current?.elements.namedItem("name");
        if (next instanceof HTMLInputElement) next.focus();
      }),
    [],
  );

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (waiting) return;
    const fields = new FormData(event.currentTarget);
    const { elements } = event.currentTarget;
    setWaiting(true);
    setRefusal(undefined);
    const [token, name, password] = ["token", "name", "password"].map((key) => String(fields.get(key)));
    const refused = await askConsole("/api/setup", { token, name, password });
    if (refused === undefined) {
      window.location.assign("/connections");
      return;
    }
    setWaiting(false);
    setRefusal(refused);
    const wrong = elements.namedItem(String(refused.facts.field));
    if (wrong instanceof HTMLInputElement) wrong.focus();
  }

  return (
    <form ref={form} method="post" onSubmit={submit} noValidate className="flex flex-col gap-4">
      {refusal !== undefined && errors === undefined && <RefusalAlert refusal={refusal} />}
      <TextField
        label={t("token")}
        hint={t("tokenHint")}
        name="token"
        mono
        {...(errors?.field === "token" && errors)}
      />
      <TextField
        label={t("name")}
        hint={t("nameHint")}
        name="name"
        autoComplete="username"
        {...(errors?.field === "name" && errors)}
      />
      <TextField
        label={t("password")}
        hint={t("passwordHint")}
        name="password"
        type="password"
        autoComplete="new-password"
        {...(errors?.field === "password" && errors)}
      />
      <Button type="submit" look="primary" disabled={!hydrated} pending={waiting}>
        {t("submit")}
      </Button>
      <Waiting words={waiting ? wait("setup") : ""} />
    </form>
  );
}

/** The words for a refusal that belongs to one field, or undefined when it belongs to none. */
function useFieldErrors(refusal: Refusal | undefined) {
  const t = useTranslations("access");
  if (refusal === undefined) return undefined;
  const { field, reason } = refusal.facts;
  const key = `${String(field)}.${String(reason)}`;
  switch (key) {
    case "token.wrong":
    case "token.expired":
    case "name.unreadable":
    case "name.mixed-scripts":
    case "name.taken":
    case "password.too-short":
    case "password.too-long":
    case "password.holds-user-name":
    case "password.too-common":
      return { field: String(field), error: t(key), problem: refusal.code };
    default:
      return undefined;
  }
}
