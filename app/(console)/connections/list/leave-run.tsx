"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { useLeaveGuard } from "../form/use-leave-guard.ts";

/** Asks before the list is left while tests run: what has not begun would not be tested. */
export function LeaveRun() {
  const t = useTranslations("list.leave");
  const { asking, stay, leave } = useLeaveGuard(true, true);
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
