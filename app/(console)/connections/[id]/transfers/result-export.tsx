"use client";

import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import type { RunBody } from "#app/api/connections/[id]/run/run-door.ts";
import { Button } from "#components/ui/button.tsx";
import type { RunState } from "../sql/gathered-run.ts";
import { withWords } from "./with-words.tsx";

const ExportDialog = lazy(() => withWords(import("./export-dialog.tsx").then((file) => file.ExportDialog)));

/** Where a result came from, and can come from again. */
export interface ResultOrigin {
  readonly connectionId: string;
  readonly rev: number;
  /** What a run says of its tab. */
  readonly forRun: () => Promise<RunBody["tab"]>;
  /** The tab's transaction is open now. */
  readonly inTransaction: boolean;
}

/** The whole of a result as a file: beyond the rows that are shown, and the parts of values that were cut. */
export function ResultExport({ state, origin }: { readonly state: RunState; readonly origin: ResultOrigin }) {
  const t = useTranslations("browse.transfers");
  const [opened, setOpened] = useState(false);
  const { request, columns, end } = state;
  if (request === undefined || columns === undefined || end?.type !== "done") return null;
  const { connectionId, rev, forRun, inTransaction } = origin;
  return (
    <>
      <Button size="sm" look="quiet" onClick={() => setOpened(true)}>
        <Download aria-hidden className="size-3.5" />
        {t("export")}
      </Button>
      <Suspense fallback={null}>
        {opened && (
          <ExportDialog
            connectionId={connectionId}
            rev={rev}
            name={undefined}
            what={async () => {
              const { id, lease, name, session } = await forRun();
              const tab = { id, lease, name, ...(session === undefined ? {} : { session }) };
              const values = [...(request.values ?? [])];
              return { kind: "statement", sql: request.sql, values, tab, inTransaction };
            }}
            columns={undefined}
            isNarrowed={false}
            onClose={() => setOpened(false)}
          />
        )}
      </Suspense>
    </>
  );
}
