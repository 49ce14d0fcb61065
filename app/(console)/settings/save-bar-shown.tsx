import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { LeaveDialog } from "../leave-dialog.tsx";
import { useLeaveGuard } from "../use-leave-guard.ts";

interface Props {
  readonly said: string;
  readonly label: string;
  readonly pending: boolean;
  readonly onDiscard: () => void;
}

/** The bar itself, and the question to whoever leaves. */
export function ShownBar({ said, label, pending, onDiscard }: Props) {
  const t = useTranslations("unsaved.bar");
  const guard = useLeaveGuard(!pending);
  return (
    <>
      <div
        data-foot-bar
        className="sticky bottom-0 z-20 -mx-4 -mb-4 flex animate-appear flex-wrap items-center gap-2 rounded-b-lg border-line border-t bg-raised px-4 py-2.5 sm:-mx-5 sm:-mb-5 sm:px-5"
      >
        <p aria-hidden className="mr-auto min-w-0 text-[0.8125rem] text-muted max-sm:w-full">
          {said}
        </p>
        <Button disabled={pending} onClick={onDiscard} className="max-sm:flex-1">
          {t("discard")}
        </Button>
        <Button type="submit" look="primary" pending={pending} className="max-sm:flex-1">
          {label}
        </Button>
      </div>
      <LeaveDialog guard={guard} words="unsaved.leave" />
    </>
  );
}
