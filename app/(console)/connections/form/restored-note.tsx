"use client";

import { useTranslations } from "next-intl";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import type { KeptEntries } from "./use-kept-entries.ts";

/** That there are entries from before which are not saved: in the form again, or to be brought back. */
export function RestoredNote({ state, bringBack, discard }: Omit<KeptEntries, "forget">) {
  const t = useTranslations("form.restored");
  if (state === "none") return null;
  return (
    <Alert tone="info" role="status" title={t(state === "offered" ? "offered" : "title")} className="mb-4">
      <div className="mt-1 flex flex-col items-start gap-2 text-[0.8125rem]">
        <p>{t("body")}</p>
        <div className="flex flex-wrap gap-2">
          {state === "offered" && (
            <Button size="wrap" onClick={bringBack}>
              {t("bringBack")}
            </Button>
          )}
          <Button size="wrap" onClick={discard}>
            {t("discard")}
          </Button>
        </div>
      </div>
    </Alert>
  );
}
