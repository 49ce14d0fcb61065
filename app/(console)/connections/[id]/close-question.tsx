"use client";

import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { TabSession } from "#lib/session/held.ts";
import { useHeldParts } from "./sql/session-strip.tsx";

interface Props {
  /** What the page calls the tab. */
  readonly name: string;
  readonly session: TabSession;
  readonly onClose: () => void;
  readonly onLeave: () => void;
}

/** Asked before an SQL tab is closed whose session holds something: it would be gone without a word. */
export function CloseQuestion({ name, session, onClose, onLeave }: Props) {
  const t = useTranslations("session.tab");
  const parts = useHeldParts();
  const { transaction, held } = session;
  return (
    <Dialog
      open
      title={t("closeTitle", { name })}
      onClose={onLeave}
      foot={
        <>
          <Button look="danger" onClick={onClose}>
            {t("close")}
          </Button>
          <Button onClick={onLeave}>{t("keepOpen")}</Button>
        </>
      }
    >
      {transaction !== "none" && <p>{t("closeTransaction")}</p>}
      {parts(held).length > 0 && (
        <p>
          {t("closeLoses")} <CellText text={parts(held).join(", ")} />.
        </p>
      )}
      <p className="text-muted">{t("closeKeeps")}</p>
    </Dialog>
  );
}
