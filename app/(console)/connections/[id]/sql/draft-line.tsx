"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import type { DraftFacts } from "#lib/notebook/drafts.ts";
import { askPanes } from "../pane-requests.ts";
import type { DraftHandle } from "./use-draft.ts";

interface Props {
  readonly connectionId: string;
  readonly draft: DraftHandle;
}

/** Whether what is typed is safe, and the way to what was typed in other tabs and windows. */
export function DraftLine({ connectionId, draft }: Props) {
  const t = useTranslations("statements.draft");
  const [listed, setListed] = useState<readonly DraftFacts[] | "failed">();
  const { state, beside } = draft;
  const address = `/api/connections/${encodeURIComponent(connectionId)}/drafts`;
  const list = () => {
    others(address, draft.id).then(setListed, () => setListed("failed"));
  };
  const isUnsafe = !calm.has(state);
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
      <Button size="sm" look="quiet" onClick={list}>
        {t("drafts")}
      </Button>
      <Dialog
        open={listed !== undefined}
        title={t("drafts")}
        onClose={() => setListed(undefined)}
        foot={<Button onClick={() => setListed(undefined)}>{t("close")}</Button>}
      >
        {listed === "failed" && <p>{t("failed")}</p>}
        {Array.isArray(listed) && listed.length === 0 && <p className="text-muted">{t("none")}</p>}
        {listed !== "failed" && listed !== undefined && (
          <ul className="flex flex-col gap-2">
            {listed.map((one) => (
              <DraftRow
                key={one.id}
                draft={one}
                onOpen={() => {
                  setListed(undefined);
                  askPanes(connectionId, { to: "draft", draft: one.id });
                }}
                onRemove={() => {
                  remove(address, one.id).then(list, () => setListed("failed"));
                }}
              />
            ))}
          </ul>
        )}
      </Dialog>
    </div>
  );
}

interface RowProps {
  readonly draft: DraftFacts;
  readonly onOpen: () => void;
  readonly onRemove: () => void;
}

function DraftRow({ draft: { begins, savedAt }, onOpen, onRemove }: RowProps) {
  const t = useTranslations("statements.draft");
  const format = useFormatter();
  return (
    <li className="flex flex-wrap items-center gap-2">
      <span className="min-w-0 flex-1">
        <code className="block truncate font-mono text-xs">
          <CellText text={begins} />
        </code>
        <span className="text-muted text-xs">
          {t("savedAt", {
            at: format.dateTime(new Date(savedAt), { dateStyle: "short", timeStyle: "short" }),
          })}
        </span>
      </span>
      <Button size="sm" aria-label={t("openNamed", { begins })} onClick={onOpen}>
        {t("open")}
      </Button>
      <Button size="sm" aria-label={t("removeNamed", { begins })} onClick={onRemove}>
        {t("remove")}
      </Button>
    </li>
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

/** The person's other drafts of the connection that hold anything. */
async function others(address: string, own: string): Promise<readonly DraftFacts[]> {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new Error("not told");
  const { drafts } = (await answer.json()) as { drafts: readonly DraftFacts[] };
  return drafts.filter(({ id, begins }) => id !== own && begins !== "");
}

async function remove(address: string, id: string): Promise<void> {
  const answer = await fetch(`${address}?draft=${encodeURIComponent(id)}`, { method: "DELETE" });
  if (!answer.ok) throw new Error("not let go");
}
