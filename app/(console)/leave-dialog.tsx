"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { LeaveGuard } from "./use-leave-guard.ts";

interface Props {
  readonly guard: LeaveGuard;
  /** Whose words: what would be lost differs. */
  readonly words: "form.leave" | "list.leave" | "unsaved.leave";
}

/** Whether to leave what would be lost; loaded with the first thing that would. */
export function LeaveDialog({ guard: { asking, stay, leave }, words }: Props) {
  const t = useTranslations(words);
  return (
    <Dialog
      open={asking}
      title={t("title")}
      onClose={stay}
      foot={
        <>
          <Button onClick={leave}>{t("leave")}</Button>
          <Button look="primary" onClick={stay}>
            {t("stay")}
          </Button>
        </>
      }
    >
      <p>{t("body")}</p>
    </Dialog>
  );
}
