"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import type { Explained } from "#app/_server/answer.ts";
import type { AttemptReport } from "#lib/wire/report.ts";

/** Loaded when it is opened. */
const TlsReportDialog = lazy(async () => (await import("../[id]/tls/load-tls-report.ts")).loadTlsReport());

/** Opens the whole report of the attempt, to be copied for whoever runs the server. */
export function WhatWasSeen({
  explained,
  report: { tls, server, steps },
}: {
  /** Left out where nothing failed. */
  readonly explained?: Pick<Explained, "problem" | "title" | "cause">;
  readonly report: AttemptReport;
}) {
  const t = useTranslations("form.result");
  const [state, setState] = useState<"never" | "open" | "closed">("never");
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => setState("open")}
        className="w-fit rounded-sm text-accent underline-offset-2 hover:underline"
      >
        {t("seen")}
      </button>
      {state !== "never" && (
        <Suspense>
          <TlsReportDialog
            report={{ tls, server, ...(explained && { failed: { ...explained, steps } }) }}
            psql=""
            open={state === "open"}
            onClose={() => setState("closed")}
          />
        </Suspense>
      )}
    </>
  );
}
