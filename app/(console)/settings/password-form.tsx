"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState, useTransition } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { SaveLine } from "#components/save-line.tsx";
import { TextField } from "#components/ui/field.tsx";
import { useToast } from "../toasts.tsx";
import { changePassword } from "./account-actions.ts";

/** Changes one's own password; the current one is asked for again. */
export function PasswordForm() {
  const t = useTranslations("settings.security");
  const wait = useTranslations("waiting");
  const [failure, setFailure] = useState<Explained>();
  const toast = useToast();
  const [busy, startBusy] = useTransition();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const values = new FormData(form);
    startBusy(async () => {
      const result = await changePassword({
        current: String(values.get("current") ?? ""),
        next: String(values.get("next") ?? ""),
      });
      setFailure(result.ok ? undefined : result.explained);
      if (result.ok) {
        toast({ text: t("passwordChanged") });
        form.reset();
      }
    });
  }

  return (
    <form onSubmit={submit} className="flex max-w-md flex-col gap-4">
      <TextField
        label={t("currentPassword")}
        name="current"
        type="password"
        autoComplete="current-password"
        maxLength={256}
        required
      />
      <TextField
        label={t("newPassword")}
        hint={t("newPasswordHint")}
        name="next"
        type="password"
        autoComplete="new-password"
        minLength={12}
        maxLength={256}
        required
      />
      <SaveLine label={t("changePassword")} pending={busy} waiting={wait("password")} failure={failure} />
    </form>
  );
}
