"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { LeaveGuard } from "./use-leave-guard.ts";

/** Whether to leave entries that are not saved; loaded when it is asked. */
export function LeaveDialog({ asking, stay, leave }: LeaveGuard) {
  const t = useTranslations("form.leave");
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
