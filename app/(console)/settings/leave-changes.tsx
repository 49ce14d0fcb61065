import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { LeaveGuard } from "../connections/form/use-leave-guard.ts";

/** Whether to leave settings that are not saved. */
export function LeaveChanges({ asking, stay, leave }: LeaveGuard) {
  const t = useTranslations("door.leave");
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
