"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import type { Answer } from "#app/_server/answer.ts";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { type ActionFailure, actionFailure } from "../attempt/action-failure.ts";

/** Takes the caller's own console password; a good answer holds for a while. */
export type ConfirmAction = (password: string) => Promise<Answer<null>>;

interface Props {
  readonly confirm: ConfirmAction;
  /** Goes on with what the confirmation was asked for. */
  readonly onConfirmed: () => void;
}

/** Asks the person at the keyboard for their own console password, where it is wanted. */
export function ConfirmPerson({ confirm, onConfirmed }: Props) {
  const t = useTranslations("form.confirm");
  const failures = useTranslations("form.result");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);

  async function go(): Promise<void> {
    if (busy) return;
    if (password === "") {
      box.current?.focus();
      return;
    }
    setBusy(true);
    setError(undefined);
    try {
      const answer = await confirm(password);
      if (answer.ok) onConfirmed();
      else refuse(answer.explained.problem.code === "not-allowed" ? t("wrong") : answer.explained.cause);
    } catch (thrown) {
      const failure: ActionFailure = actionFailure(thrown);
      refuse(failures(failure === "stale" ? "stale" : "lost"));
    } finally {
      setBusy(false);
    }
  }

  function refuse(words: string): void {
    setError(words);
    setPassword("");
    box.current?.focus();
  }

  return (
    <div className="mt-2 flex flex-col items-start gap-2 rounded-md bg-surface p-2 text-ink">
      <TextField
        ref={box}
        type="password"
        autoComplete="current-password"
        label={t("label")}
        hint={t("hint")}
        className="w-full"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          // The form around it would try the connection.
          event.preventDefault();
          void go();
        }}
        {...(error !== undefined && { error, problem: "not-allowed" })}
      />
      <Button size="sm" look="primary" pending={busy} onClick={() => void go()}>
        {t("go")}
      </Button>
    </div>
  );
}
