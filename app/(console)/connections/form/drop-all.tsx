"use client";

import { FileUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { useSorting } from "./use-sorting.ts";

const SortOutcome = lazy(async () => ({ default: (await import("./sort-outcome.tsx")).SortOutcome }));

/** Takes all files that somebody was given at once, of whatever kind, and fills the boxes with them. */
export function DropAll() {
  const t = useTranslations("material.sort");
  const sorting = useSorting();
  const chooser = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const give = (files: FileList | null) => {
    if (files !== null && files.length > 0) void sorting.give([...files]);
  };
  return (
    <div className="flex flex-col gap-2">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button does the same */}
      <div
        className={classes(
          "flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-md border border-dashed px-3 py-2.5",
          over ? "border-accent bg-accent-soft" : "border-control",
        )}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          give(event.dataTransfer.files);
        }}
      >
        <p className="min-w-0 flex-1 basis-64 text-[0.8125rem]">
          <span className="font-medium">{over ? t("drop") : t("title")}</span>{" "}
          <span className="text-muted">{t("lead")}</span>
        </p>
        <Button size="sm" onClick={() => chooser.current?.click()}>
          <FileUp aria-hidden className="size-3.5" />
          {t("choose")}
        </Button>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          tabIndex={-1}
          aria-hidden
          data-testid="all-files"
          onChange={(event) => {
            give(event.target.files);
            // The same files may be chosen again after they were changed.
            event.target.value = "";
          }}
        />
      </div>
      {sorting.state.kind !== "idle" && (
        <Suspense fallback={null}>
          <SortOutcome sorting={sorting} />
        </Suspense>
      )}
    </div>
  );
}
