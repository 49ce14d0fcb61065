"use client";

import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import type { DraftFacts } from "#lib/notebook/drafts.ts";
import type { DraftsDialog } from "./drafts-dialog.tsx";
import type { DraftHandle } from "./use-draft.ts";

interface Props {
  readonly connectionId: string;
  readonly draft: DraftHandle;
}

/** Whether what is typed is safe, and the way to what was typed in other tabs and windows. */
export function DraftLine({ connectionId, draft }: Props) {
  const t = useTranslations("statements.draft");
  const [listed, setListed] = useState<readonly DraftFacts[] | "failed">();
  /** Undefined until it is asked for, and where it does not come. */
  const [Dialog, setDialog] = useState<typeof DraftsDialog>();
  const [busy, startBusy] = useTransition();
  const { state, beside } = draft;
  const isUnsafe = !calm.has(state);

  async function list(): Promise<void> {
    try {
      const [{ listDrafts }, loaded] = await Promise.all([
        import("./other-drafts.ts"),
        import("./drafts-dialog.tsx"),
      ]);
      setDialog(() => loaded.DraftsDialog);
      setListed(await listDrafts(connectionId, draft.id).catch(() => "failed" as const));
    } catch {
      // Without the console there is no dialog to say it in.
      setListed("failed");
    }
  }

  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-xs">
      <span
        role="status"
        data-draft={state}
        className={classes("min-w-0", isUnsafe ? "font-medium text-danger" : "text-muted")}
      >
        {state !== "empty" && t(words[state])}
        {beside && <span className="ml-2 text-warn">{t("beside")}</span>}
      </span>
      <Button size="sm" look="quiet" pending={busy} onClick={() => startBusy(list)}>
        {t("drafts")}
      </Button>
      {Dialog !== undefined ? (
        <Dialog connectionId={connectionId} own={draft.id} listed={listed} onListed={setListed} />
      ) : (
        listed === "failed" && (
          <span role="alert" className="font-medium text-danger">
            {t("failed")}
          </span>
        )
      )}
    </div>
  );
}

const calm = new Set(["empty", "saved", "waiting", "saving"]);
const words = {
  saved: "saved",
  waiting: "waiting",
  saving: "saving",
  offline: "offline",
  "signed-out": "signedOut",
  refused: "refused",
  "too-long": "tooLong",
  "too-many": "tooMany",
} as const;
