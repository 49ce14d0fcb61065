"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import { useToast } from "../toasts.tsx";
import { undoRemoval } from "./actions.ts";
import type { RemovedConnection } from "./removed-connections.ts";
import { UndoList } from "./undo-list.tsx";

/** What was deleted in the last hour, by whoever, each to be put back. */
export function DeletedConnections({ removed }: { readonly removed: readonly RemovedConnection[] }) {
  const t = useTranslations("settings.connections");
  const router = useRouter();
  const toast = useToast();
  const [failure, setFailure] = useState<Explained>();
  const [busy, startBusy] = useTransition();

  function undo(id: string, name: string) {
    startBusy(async () => {
      setFailure(undefined);
      const result = await undoRemoval(id);
      if (result.ok) toast({ text: t("undone", { name }) });
      else setFailure(result.explained);
      router.refresh();
    });
  }

  return (
    <>
      {failure !== undefined && (
        <Alert tone="danger" role="alert" problem={failure.problem.code} title={failure.title}>
          {failure.fix}
        </Alert>
      )}
      <UndoList removed={removed} pending={busy} onUndo={undo} />
    </>
  );
}
