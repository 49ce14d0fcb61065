"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useRef, useState, useTransition } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";
import { useToast } from "../toasts.tsx";
import { addPassphrase, removeKey, rotateDataKey } from "./keys-actions.ts";

/** What is asked about. */
export type Asked =
  | { readonly act: "add" | "rotate" }
  | { readonly act: "remove"; readonly id: string; readonly kind: "raw" | "passphrase" | "command" };

/** Says what happens, and asks for the reader's own password before it does. */
export function KeysDialog({ asked, onClose }: { readonly asked: Asked; readonly onClose: () => void }) {
  const t = useTranslations("keys");
  const router = useRouter();
  const toast = useToast();
  const form = useId();
  const [failure, setFailure] = useState<Explained>();
  const [differs, setDiffers] = useState(false);
  const [busy, startBusy] = useTransition();
  const again = useRef<HTMLInputElement>(null);
  const isWrong = failure?.problem.facts.reason === "password";

  function send(password: string, passphrase: string) {
    switch (asked.act) {
      case "add":
        return addPassphrase({ password, passphrase });
      case "rotate":
        return rotateDataKey({ password });
      case "remove":
        return removeKey({ password, id: asked.id });
    }
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const given = (name: string) => String(values.get(name) ?? "");
    const isTwice = given("passphrase") === given("again");
    setDiffers(!isTwice);
    if (!isTwice) return again.current?.focus();
    startBusy(async () => {
      const result = await send(given("password"), given("passphrase"));
      setFailure(result.ok ? undefined : result.explained);
      if (!result.ok) return;
      toast({ text: t(`card.${asked.act}.done`) });
      router.refresh();
      onClose();
    });
  }

  const facts = asked.act === "remove" ? { kind: t(`kind.${asked.kind}`), id: asked.id } : {};
  return (
    <Dialog
      open
      title={t(`card.${asked.act}.title`)}
      onClose={onClose}
      foot={
        <>
          <Button look="quiet" onClick={onClose}>
            {t("card.cancel")}
          </Button>
          <Button
            type="submit"
            form={form}
            look={asked.act === "remove" ? "danger" : "primary"}
            pending={busy}
          >
            {t(`card.${asked.act}.do`)}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <p className="max-w-prose text-sm">{t(`card.${asked.act}.body`, facts)}</p>
        {asked.act === "rotate" ? <p className="max-w-prose text-sm">{t("card.rotate.leaked")}</p> : null}
        {asked.act === "add" ? (
          <>
            <TextField
              label={t("card.passphrase")}
              hint={t("card.passphraseHint")}
              name="passphrase"
              type="password"
              autoComplete="off"
              minLength={16}
              maxLength={256}
              required
            />
            <TextField
              ref={again}
              label={t("card.again")}
              name="again"
              type="password"
              autoComplete="off"
              maxLength={256}
              error={differs ? t("card.differ") : undefined}
              required
            />
          </>
        ) : null}
        <TextField
          label={t("card.password")}
          name="password"
          type="password"
          autoComplete="current-password"
          maxLength={256}
          error={isWrong ? t("card.wrong") : undefined}
          problem={failure?.problem.code}
          required
        />
        {failure === undefined || isWrong ? null : (
          <Alert tone="danger" role="alert" problem={failure.problem.code} title={failure.title}>
            {failure.fix}
          </Alert>
        )}
      </form>
    </Dialog>
  );
}
