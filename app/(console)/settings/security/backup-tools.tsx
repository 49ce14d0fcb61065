"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState, useTransition } from "react";
import { flushSync } from "react-dom";
import type { Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { useToast } from "../../toasts.tsx";
import { verifyBackups } from "./backup-actions.ts";
import type { BackupAct, ShownBackup } from "./shown-backup.ts";

const BackupDialog = lazy(async () => ({ default: (await import("./backup-dialog.tsx")).BackupDialog }));

interface Props {
  readonly base: number;
  readonly backups: readonly ShownBackup[];
  readonly oldSecretsOf: readonly string[];
}

/** The list of backups; each can be restored, all of them verified and purged. */
export function BackupTools({ base, backups, oldSecretsOf }: Props) {
  const t = useTranslations("backups.card");
  const router = useRouter();
  const toast = useToast();
  const [act, setAct] = useState<BackupAct>();
  const [failure, setFailure] = useState<Explained | "lost">();
  const [broken, setBroken] = useState(0);
  const [busy, startBusy] = useTransition();

  function verify() {
    startBusy(async () => {
      const result = await verifyBackups().catch(() => undefined);
      setFailure(result === undefined ? "lost" : result.ok ? undefined : result.explained);
      if (!result?.ok) return;
      setBroken(result.value.broken);
      if (result.value.broken === 0) toast({ text: t("verified", { count: result.value.whole }) });
    });
  }

  function purged(count: number) {
    toast({ text: act?.what === "all" ? t("purgedAll") : t("purged", { count }) });
    flushSync(() => setAct(undefined));
    // The button that asked has nothing left to do and goes; the card stays.
    document.getElementById("backups")?.focus({ preventScroll: true });
    router.refresh();
  }

  return (
    <>
      {oldSecretsOf.length > 0 && (
        <Alert tone="warn" role="note" title={t("oldSecrets", { names: oldSecretsOf.join(", ") })}>
          <p>{t("oldSecretsHint")}</p>
          <Button size="sm" className="mt-2" onClick={() => setAct({ what: "secrets" })}>
            {t("purge")}
          </Button>
        </Alert>
      )}
      <ul className="divide-y divide-line">
        {backups.map((backup) => (
          <Row key={backup.place} backup={backup} onRestore={() => setAct({ what: "restore", backup })} />
        ))}
      </ul>
      {broken > 0 && <Alert tone="danger" role="alert" title={t("notVerified", { count: broken })} />}
      {failure === undefined ? null : failure === "lost" ? (
        <Alert tone="danger" role="alert" title={t("lost")} />
      ) : (
        <Alert tone="danger" role="alert" problem={failure.problem.code} title={failure.title}>
          {failure.fix}
        </Alert>
      )}
      <div className="flex flex-wrap gap-2">
        <Button size="sm" pending={busy} onClick={verify}>
          {t("verify")}
        </Button>
        <Button size="sm" look="quiet" onClick={() => setAct({ what: "all" })}>
          {t("purgeAll")}
        </Button>
      </div>
      {act !== undefined && (
        <Suspense>
          <BackupDialog act={act} base={base} onPurged={purged} onClose={() => setAct(undefined)} />
        </Suspense>
      )}
    </>
  );
}

function Row({ backup, onRestore }: { readonly backup: ShownBackup; readonly onRestore: () => void }) {
  const t = useTranslations("backups");
  const { rev, saved, age, size, wrong, since, restores } = backup;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3 sm:flex-nowrap">
      <div className="min-w-0 flex-1 sm:max-w-64">
        <p className="font-medium">{t("revision", { rev: String(rev) })}</p>
        <p className="text-muted text-[0.8125rem]">{saved}</p>
        <p className="text-muted text-[0.8125rem]">
          {age} · {size}
        </p>
      </div>
      <div className="min-w-0 grow basis-full text-[0.8125rem] sm:basis-0">
        {wrong === null ? (
          <ul aria-label={t("card.sinceThen")} className="max-w-prose">
            {since.map((line) => (
              <li key={line} className="wrap-break-word">
                {line}
              </li>
            ))}
          </ul>
        ) : (
          <p className="flex flex-wrap items-center gap-2">
            <Badge tone="danger">{wrong}</Badge>
          </p>
        )}
      </div>
      {wrong === null && restores.length > 0 && (
        <Button size="sm" aria-label={t("card.restoreNamed", { rev: String(rev) })} onClick={onRestore}>
          {t("card.restore")}
        </Button>
      )}
    </li>
  );
}
