"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState, useTransition } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { unlockMinutes } from "#lib/team/unlock-minutes.ts";
import { unlockWriting } from "./unlock-actions.ts";

interface Props {
  readonly connectionId: string;
  readonly name: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** For how long, and why. Loaded when it is asked for. */
export function UnlockDialog({ connectionId, name, open, onClose }: Props) {
  const t = useTranslations("unlock");
  const router = useRouter();
  const form = useId();
  const [failure, setFailure] = useState<readonly [code: string, title: string, fix: string]>();
  const [unclear, setUnclear] = useState(false);
  const [busy, startBusy] = useTransition();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const [reason, minutes] = [String(values.get("reason") ?? ""), Number(values.get("minutes"))];
    startBusy(async () => {
      setUnclear(false);
      setFailure(undefined);
      try {
        const answer = await unlockWriting({ id: connectionId, reason, minutes });
        if (answer.ok) {
          onClose();
          router.refresh();
          return;
        }
        const { problem, title, fix } = answer.explained;
        if (problem.code === "setting-invalid") setUnclear(true);
        else setFailure([problem.code, title, fix]);
      } catch {
        setFailure(["unexpected", t("failed"), ""]);
      }
    });
  }

  return (
    <Dialog
      open={open}
      title={t("title", { name })}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" form={form} look="primary" pending={busy}>
            {t("submit")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="flex flex-col gap-3">
        <p className="text-[0.8125rem] text-muted">{t("lead")}</p>
        <TextField
          label={t("reason")}
          hint={t("reasonHint")}
          name="reason"
          maxLength={200}
          autoFocus
          {...(unclear && { error: t("reasonShort"), problem: "setting-invalid" })}
        />
        <SelectField
          label={t("minutes")}
          name="minutes"
          defaultValue="30"
          options={unlockMinutes.map((minutes) => ({
            value: String(minutes),
            label: t("minutesOf", { minutes }),
          }))}
        />
        {failure !== undefined && (
          <Alert tone="danger" role="alert" problem={failure[0]} title={failure[1]}>
            {failure[2]}
          </Alert>
        )}
      </form>
    </Dialog>
  );
}
