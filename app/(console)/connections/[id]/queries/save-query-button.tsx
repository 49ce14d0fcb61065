"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { noteQueryOfTab, queryOfTab } from "../sql/tab-filling.ts";

const SaveQueryDialog = lazy(async () => ({
  default: (await import("./save-query-dialog.tsx")).SaveQueryDialog,
}));

interface Props {
  readonly connectionId: string;
  /** Of the SQL tab. */
  readonly slot: string;
  readonly sql: string;
}

/** Saves what stands in a SQL tab under a name: as a new query, or as the one that it came from. */
export function SaveQueryButton({ connectionId, slot, sql }: Props) {
  const t = useTranslations("notebook.queries");
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        size="sm"
        look="quiet"
        className="ml-auto"
        disabled={sql.trim() === ""}
        onClick={() => setIsOpen(true)}
      >
        {t("save")}
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <SaveQueryDialog
            connectionId={connectionId}
            sql={sql}
            query={queryOfTab(connectionId, slot)}
            onClose={() => setIsOpen(false)}
            onSaved={(query) => noteQueryOfTab(connectionId, slot, query)}
          />
        </Suspense>
      )}
    </>
  );
}
