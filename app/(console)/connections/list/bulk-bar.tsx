"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import type { RowView } from "./list-view.ts";

interface Props {
  readonly rows: readonly RowView[];
  readonly busy: boolean;
  readonly testing: boolean;
  readonly onTest: () => void;
  readonly onGroup: () => void;
  readonly onTags: () => void;
  readonly onRemove: () => void;
  readonly onClear: () => void;
}

/** What can be done with all that is selected, on whatever page it stands. */
export function BulkBar({ rows, busy, testing, onTest, onGroup, onTags, onRemove, onClear }: Props) {
  const t = useTranslations("list");
  const foreign = rows.filter(({ manages }) => !manages).length;
  return (
    <section
      aria-label={t("bulk.title")}
      data-foot-bar
      className="sticky bottom-3 z-20 mt-3 flex animate-appear flex-wrap items-center gap-1.5 rounded-lg border border-line bg-raised px-3 py-2 shadow-float"
    >
      <p role="status" className="mr-auto min-w-0 pr-2">
        <span className="font-medium">{t("bulk.count", { count: rows.length })}</span>
        {foreign > 0 && (
          <span className="block text-fact text-muted">{t("bulk.foreign", { count: foreign })}</span>
        )}
      </p>
      <Button size="sm" pending={testing} onClick={onTest}>
        {t("menu.test")}
      </Button>
      {foreign === 0 && (
        <>
          <Button size="sm" pending={busy} onClick={onGroup}>
            {t("menu.group")}
          </Button>
          <Button size="sm" pending={busy} onClick={onTags}>
            {t("menu.tags")}
          </Button>
          <Button size="sm" pending={busy} onClick={onRemove} className="text-danger">
            {t("menu.remove")}
          </Button>
        </>
      )}
      <button
        type="button"
        aria-label={t("bulk.clear")}
        title={t("bulk.clear")}
        onClick={onClear}
        className="grid size-7 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink pointer-coarse:size-11"
      >
        <X aria-hidden className="size-4" />
      </button>
    </section>
  );
}
