"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useMemo } from "react";
import type { ColumnFacts, TableDetail } from "#lib/browse/shapes.ts";
import type { GridEditing } from "../changes/grid-editing.ts";

/** What the grid of a table writes for what has no text of its own. */
export function useGridWords(more: GridEditing["words"] | undefined) {
  const t = useTranslations("browse.table");
  const result = useTranslations("session.result");
  const format = useFormatter();
  return useMemo(
    () => ({
      null: result("null"),
      empty: result("emptyText"),
      cut: (length: number) => format.number(length),
      marks: { changed: t("marks.changed"), new: t("marks.new"), gone: t("marks.gone"), ...more },
    }),
    [format, more, result, t],
  );
}

/** The columns of the grid; those that refer to another table look it. */
export function useGridColumns(columns: readonly ColumnFacts[] | undefined, detail: TableDetail | undefined) {
  const names = JSON.stringify(columns?.map(({ name, type }) => [name, type]));
  const leading = useMemo(
    () => new Set(detail?.references.flatMap((reference) => reference.columns)),
    [detail],
  );
  // Pages of one table have the same columns, each in objects of its own; widths hold while these are the same.
  // biome-ignore lint/correctness/useExhaustiveDependencies: by what they say
  return useMemo(
    () =>
      columns?.map(({ name, type, numeric }) => ({ name, detail: type, numeric, leads: leading.has(name) })),
    [names, leading],
  );
}
