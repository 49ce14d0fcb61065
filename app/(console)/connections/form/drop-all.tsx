"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import { ChooseFileButton } from "#components/ui/choose-file-button.tsx";
import { DropArea } from "#components/ui/drop-area.tsx";
import { useSorting } from "./use-sorting.ts";

const SortOutcome = lazy(async () => ({ default: (await import("./sort-outcome.tsx")).SortOutcome }));

/** Takes all files that somebody was given at once, of whatever kind, and fills the boxes with them. */
export function DropAll() {
  const t = useTranslations("material.sort");
  const sorting = useSorting();
  const give = (files: readonly File[]) => void sorting.give([...files]);
  return (
    <div className="flex flex-col gap-2">
      <DropArea className="justify-between gap-x-4" onFiles={give}>
        {(over) => (
          <>
            <p className="min-w-0 flex-1 basis-64 text-[0.8125rem]">
              <span className="font-medium">{over ? t("drop") : t("title")}</span>{" "}
              <span className="text-muted">{t("lead")}</span>
            </p>
            <ChooseFileButton label={t("choose")} multiple testId="all-files" onFiles={give} />
          </>
        )}
      </DropArea>
      {sorting.state.kind !== "idle" && (
        <Suspense fallback={null}>
          <SortOutcome sorting={sorting} />
        </Suspense>
      )}
    </div>
  );
}
