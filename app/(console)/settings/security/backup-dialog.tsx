"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState, useTransition } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";
import { purgeBackups, restoreBackup } from "./backup-actions.ts";
import type { BackupAct } from "./shown-backup.ts";

interface Props {
  readonly act: BackupAct;
  /** The present revision that the differences were told for. */
  readonly base: number;
  readonly onPurged: (count: number) => void;
  readonly onClose: () => void;
}

/** Says what will happen, by name, and asks for the caller's own password before it does. */
export function BackupDialog({ act, base, onPurged, onClose }: Props) {
  const t = useTranslations("backups.card");
  const form = useId();
  const [trouble, setTrouble] = useState<Explained | "lost">();
  const [busy, startBusy] = useTransition();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password") ?? "");
    startBusy(async () => {
      if (act.what === "restore") {
        const result = await restoreBackup({ place: act.backup.place, base, password }).catch(
          () => undefined,
        );
        // Everybody's session has ended, this one too.
        if (result?.ok) location.assign("/login?signedOut=restored");
        else setTrouble(result?.explained ?? "lost");
        return;
      }
      const result = await purgeBackups({ what: act.what, password }).catch(() => undefined);
      if (result?.ok) onPurged(result.value.changed);
      else setTrouble(result?.explained ?? "lost");
    });
  }

  const title =
    act.what === "restore"
      ? t("restoreTitle", { rev: String(act.backup.rev) })
      : t(act.what === "all" ? "purgeAllTitle" : "purgeTitle");
  const go = t(act.what === "restore" ? "restoreNow" : act.what === "all" ? "purgeAllNow" : "purgeNow");
  return (
    <Dialog
      open
      title={title}
      onClose={onClose}
      foot={
        <>
          <Button look="quiet" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" form={form} look={act.what === "all" ? "danger" : "primary"} pending={busy}>
            {go}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        {act.what === "restore" ? (
          <Restoring base={base} lines={act.backup.restores} />
        ) : (
          <p className="max-w-prose">{t(act.what === "all" ? "purgeAllBody" : "purgeBody")}</p>
        )}
        <TextField
          label={t("password")}
          name="password"
          type="password"
          autoComplete="current-password"
          maxLength={256}
          required
          {...(reasonOf(trouble) === "password" && { error: t("wrong"), problem: "not-allowed" })}
        />
        <Trouble trouble={trouble} />
      </form>
    </Dialog>
  );
}

function Restoring({ base, lines }: { readonly base: number; readonly lines: readonly string[] }) {
  const t = useTranslations("backups");
  return (
    <>
      <ul className="flex max-w-prose flex-col gap-1">
        {lines.map((line) => (
          <li key={line} className="wrap-break-word">
            {line}
          </li>
        ))}
      </ul>
      <p className="max-w-prose text-muted text-sm">{t("comesBack", { present: String(base) })}</p>
    </>
  );
}

function Trouble({ trouble }: { readonly trouble: Explained | "lost" | undefined }) {
  const t = useTranslations("backups.card");
  if (trouble === undefined || reasonOf(trouble) === "password") return null;
  if (trouble === "lost") return <Alert tone="danger" role="alert" title={t("lost")} />;
  const { problem, title, fix } = trouble;
  if (reasonOf(trouble) === "no-owner") return <Alert tone="danger" role="alert" title={t("noOwner")} />;
  if (problem.code === "vault-changed-meanwhile") {
    return <Alert tone="danger" role="alert" problem={problem.code} title={t("meanwhile")} />;
  }
  return (
    <Alert tone="danger" role="alert" problem={problem.code} title={title}>
      {fix}
    </Alert>
  );
}

function reasonOf(trouble: Explained | "lost" | undefined): unknown {
  return trouble === undefined || trouble === "lost" ? undefined : trouble.problem.facts.reason;
}
