"use client";

import { useTranslations } from "next-intl";
import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { Waiting } from "#components/waiting.tsx";
import { askConsole, type Refusal } from "../ask-console.ts";
import { onFragmentToken } from "../on-fragment-token.ts";
import { RefusalAlert } from "../refusal-alert.tsx";
import { useHydrated } from "../use-hydrated.ts";

/** Signs in and goes on to `returnTo` by a full load. What was typed stays when it did not work. */
export function LoginForm({ returnTo }: { readonly returnTo: string }) {
  const t = useTranslations("access.login");
  const wait = useTranslations("waiting");
  const hydrated = useHydrated();
  const [waiting, setWaiting] = useState<"form" | "link">();
  const [refusal, setRefusal] = useState<Refusal & { readonly of: "form" | "link" }>();
  const password = useRef<HTMLInputElement>(null);

  async function signIn(of: "form" | "link", body: unknown) {
    setWaiting(of);
    setRefusal(undefined);
    const refused = await askConsole("/api/login", body);
    if (refused === undefined) {
      window.location.assign(returnTo);
      return;
    }
    setWaiting(undefined);
    setRefusal({ ...refused, of });
    password.current?.focus();
  }

  const signInByLink = useRef((token: string) => signIn("link", { token }));
  useEffect(() => onFragmentToken((token) => void signInByLink.current(token)), []);

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (waiting !== undefined) return;
    const fields = new FormData(event.currentTarget);
    void signIn("form", { name: String(fields.get("name")), password: String(fields.get("password")) });
  }

  const linkIsOver = refusal?.of === "link" && refusal.code === "not-signed-in";
  return (
    <form method="post" onSubmit={submit} noValidate className="flex flex-col gap-4">
      {linkIsOver && (
        <Alert tone="danger" role="alert" problem={refusal.code}>
          {t("linkOver")}
        </Alert>
      )}
      {refusal !== undefined && !linkIsOver && <RefusalAlert refusal={refusal} />}
      <TextField label={t("name")} name="name" autoComplete="username" autoFocus />
      <TextField
        ref={password}
        label={t("password")}
        name="password"
        type="password"
        autoComplete="current-password"
      />
      <Button type="submit" look="primary" disabled={!hydrated} pending={waiting !== undefined}>
        {t("submit")}
      </Button>
      <Waiting words={waiting === undefined ? "" : waiting === "link" ? t("byLink") : wait("signIn")} />
    </form>
  );
}
