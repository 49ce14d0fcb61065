"use client";

import { Lock, LockOpen, Pin, ShieldCheck, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { classes } from "#components/ui/classes.ts";
import { endsDisagree } from "#lib/connect/ends-disagree.ts";
import { type TlsTruth, tlsTruth } from "#lib/connect/tls-truth.ts";
import type { AttemptReport } from "#lib/wire/report.ts";

/** Loaded when it is opened: most visits never ask. */
const TlsReportDialog = lazy(async () => (await import("./load-tls-report.ts")).loadTlsReport());

const looks: Readonly<Record<TlsTruth, { readonly frame: string; readonly Icon: typeof Lock }>> = {
  full: { frame: "border-success/40 bg-success-soft text-success", Icon: ShieldCheck },
  ca: { frame: "border-success/40 bg-success-soft text-success", Icon: ShieldCheck },
  pinned: { frame: "border-success/40 bg-success-soft text-success", Icon: Pin },
  unverified: { frame: "border-warn/45 bg-warn-soft text-warn", Icon: Lock },
  plaintext: { frame: "border-danger/45 bg-danger-soft text-danger", Icon: LockOpen },
};

interface Props {
  readonly report: Pick<AttemptReport, "tls" | "server" | "fallback">;
  /** The equal psql command. */
  readonly psql: string;
}

/** The short truth of the live socket; pressed, the whole report. */
export function TlsBadge({ report, psql }: Props) {
  const t = useTranslations("session.tls");
  const [state, setState] = useState<"never" | "open" | "closed">("never");
  const truth = tlsTruth(report.tls);
  const { frame, Icon } = looks[truth];
  const disagree = endsDisagree(report.tls, report.server?.sees).length > 0;
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        data-truth={truth}
        onClick={() => setState("open")}
        className={classes(
          "inline-flex h-9 min-w-0 max-w-full items-center gap-2 rounded-md border px-3 text-sm transition-[filter] hover:brightness-97 dark:hover:brightness-110 pointer-coarse:h-11",
          frame,
        )}
      >
        <Icon aria-hidden className="size-4 shrink-0" />
        <span className="font-semibold">{t("button")}</span>{" "}
        <span className="truncate">{t(`truth.${truth}`)}</span>
        {disagree && <TriangleAlert aria-label={t("disagree.title")} className="size-4 shrink-0 text-warn" />}
      </button>
      {state !== "never" && (
        // A boundary of its own: a wider one would hide the button while it loads, and lose its focus.
        <Suspense fallback={null}>
          <TlsReportDialog
            report={report}
            psql={psql}
            open={state === "open"}
            onClose={() => setState("closed")}
          />
        </Suspense>
      )}
    </>
  );
}
