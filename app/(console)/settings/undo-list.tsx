"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import type { RemovedConnection } from "./removed-connections.ts";

interface Props {
  readonly removed: readonly RemovedConnection[];
  readonly pending: boolean;
  readonly onUndo: (id: string, name: string) => void;
}

/** What was deleted in the last hour, by whoever, each to be put back. */
export function UndoList({ removed, pending, onUndo }: Props) {
  const t = useTranslations("rights.removed");
  if (removed.length === 0) return null;
  return (
    <section aria-label={t("title")} className="border-line border-t pt-3">
      <h3 className="font-medium text-[0.8125rem]">{t("title")}</h3>
      <p className="text-muted text-xs">{t("lead")}</p>
      <ul className="divide-y divide-line">
        {removed.map(({ id, name = t("nameless"), by }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
            <p className="mr-auto min-w-0 break-words">
              {name}{" "}
              <span className="text-muted text-xs">{by === undefined ? "" : t("by", { name: by })}</span>
            </p>
            <Button
              size="sm"
              pending={pending}
              aria-label={t("undoNamed", { name })}
              onClick={() => onUndo(id, name)}
            >
              {t("undo")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
