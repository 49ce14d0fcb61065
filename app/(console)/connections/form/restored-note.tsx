"use client";

import { useTranslations } from "next-intl";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";

/** That what is shown was typed before and is not saved. */
export function RestoredNote({ onDiscard }: { readonly onDiscard: () => void }) {
  const t = useTranslations("form.restored");
  return (
    <Alert tone="info" role="status" title={t("title")} className="mb-4">
      <div className="mt-1 flex flex-col items-start gap-2 text-[0.8125rem]">
        <p>{t("body")}</p>
        <Button size="sm" onClick={onDiscard}>
          {t("discard")}
        </Button>
      </div>
    </Alert>
  );
}
