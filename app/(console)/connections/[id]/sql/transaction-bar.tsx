"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";

interface Props {
  readonly failed: boolean;
  readonly busy: boolean;
  readonly onEnd: (command: "commit" | "rollback") => void;
}

/** An open transaction, and its two ends. */
export function TransactionBar({ failed, busy, onEnd }: Props) {
  const t = useTranslations("session.transaction");
  return (
    <div
      role="note"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-t bg-warn-soft px-3 py-2 text-[0.8125rem]"
    >
      <span className="font-medium text-warn">{t(failed ? "failed" : "open")}</span>
      <span className="ml-auto flex flex-wrap gap-2">
        {!failed && (
          <Button size="sm" disabled={busy} onClick={() => onEnd("commit")}>
            {t("commit")}
          </Button>
        )}
        <Button size="sm" disabled={busy} onClick={() => onEnd("rollback")}>
          {t("rollback")}
        </Button>
      </span>
    </div>
  );
}
