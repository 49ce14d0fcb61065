"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import type { ReadConnection } from "#lib/strings/read/read-connections.ts";
import type { ImportAction } from "./import-answer.ts";

const ImportList = lazy(async () => ({ default: (await import("./import-list.tsx")).ImportList }));

interface Props {
  readonly connections: readonly ReadConnection[];
  readonly save: ImportAction;
}

/** Says that a paste held several connections, and opens the list. */
export function ImportOffer({ connections, save }: Props) {
  const t = useTranslations("strings.import");
  const [open, setOpen] = useState(false);
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-[0.8125rem]">
      {t("offer", { count: connections.length })}
      <Button size="sm" look="primary" onClick={() => setOpen(true)}>
        {t("open")}
      </Button>
      {open && (
        <Suspense fallback={null}>
          <ImportList connections={connections} save={save} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
