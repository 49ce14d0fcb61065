"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { useToast } from "../toasts.tsx";
import { endSession } from "./account-actions.ts";

interface ShownSession {
  readonly id: string;
  readonly agent: string;
  readonly started: string;
  readonly seen: string;
  readonly current: boolean;
}

/** One's own sessions; any but this one can be ended here. */
export function SessionList({ sessions }: { readonly sessions: readonly ShownSession[] }) {
  const t = useTranslations("settings.security");
  const router = useRouter();
  const [failure, setFailure] = useState<Explained>();
  const toast = useToast();
  const [busy, startBusy] = useTransition();

  function end(id: string) {
    startBusy(async () => {
      const result = await endSession(id);
      setFailure(result.ok ? undefined : result.explained);
      if (result.ok) toast({ text: t("ended") });
      router.refresh();
    });
  }

  return (
    <>
      <ul className="divide-y divide-line">
        {sessions.map((session) => (
          <li key={session.id} className="flex items-center gap-3 py-2">
            <div className="mr-auto min-w-0">
              <p className="flex items-center gap-2">
                <span className="truncate">{session.agent}</span>
                {session.current ? <Badge tone="accent">{t("thisSession")}</Badge> : null}
              </p>
              <p className="text-muted text-xs">
                {t("started", { when: session.started })} · {t("lastSeen", { when: session.seen })}
              </p>
            </div>
            {session.current ? null : (
              <Button
                size="sm"
                pending={busy}
                aria-label={t("endNamed", { when: session.started })}
                onClick={() => end(session.id)}
              >
                {t("end")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {failure === undefined ? null : (
        <Alert tone="danger" role="alert" problem={failure.problem.code} title={failure.title}>
          {failure.fix}
        </Alert>
      )}
    </>
  );
}
