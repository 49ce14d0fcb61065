"use client";

import { useFormatter, useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { DraftFacts } from "#lib/notebook/drafts.ts";
import { askPanes } from "../pane-requests.ts";
import { listDrafts, removeDraft } from "./other-drafts.ts";

interface Props {
  readonly connectionId: string;
  /** The draft that is being written here: not one of the others. */
  readonly own: string;
  /** Undefined while the dialog is closed. */
  readonly listed: readonly DraftFacts[] | "failed" | undefined;
  readonly onListed: (listed: readonly DraftFacts[] | "failed" | undefined) => void;
}

/** What the person has typed in other tabs and windows: each can be opened here, or thrown away. */
export function DraftsDialog({ connectionId, own, listed, onListed }: Props) {
  const t = useTranslations("statements.draft");
  const close = () => onListed(undefined);
  return (
    <Dialog
      open={listed !== undefined}
      title={t("drafts")}
      onClose={close}
      foot={<Button onClick={close}>{t("close")}</Button>}
    >
      {listed === "failed" && <p>{t("failed")}</p>}
      {listed?.length === 0 && <p className="text-muted">{t("none")}</p>}
      {typeof listed === "object" && listed.length > 0 && (
        <ul className="flex flex-col gap-2">
          {listed.map((one) => (
            <DraftRow
              key={one.id}
              draft={one}
              onOpen={() => {
                close();
                askPanes(connectionId, { to: "draft", draft: one.id });
              }}
              onRemove={async () => {
                onListed(
                  await removeDraft(connectionId, one.id)
                    .then(() => listDrafts(connectionId, own))
                    .catch(() => "failed" as const),
                );
              }}
            />
          ))}
        </ul>
      )}
    </Dialog>
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
