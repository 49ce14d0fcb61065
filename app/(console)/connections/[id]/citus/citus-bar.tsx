"use client";

import { ChevronRight, Network } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useId, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { classes } from "#components/ui/classes.ts";
import { Spinner } from "#components/ui/spinner.tsx";
import type { CitusPlace } from "./citus-place.ts";

const CitusPanel = lazy(async () => ({ default: (await import("./citus-panel.tsx")).CitusPanel }));

interface Props {
  readonly connectionId: string;
  readonly citus: CitusPlace;
}

/** One line that says that Citus is here; the cluster is read when it is opened. */
export function CitusBar({ connectionId, citus }: Props) {
  const t = useTranslations("citus");
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <section aria-labelledby={`${id}-title`} className="mb-2 rounded-lg border border-line bg-surface">
      <h2 id={`${id}-title`}>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
          className="flex w-full flex-wrap items-center gap-x-2 gap-y-1 rounded-lg px-3 py-2 text-left text-[0.8125rem]"
        >
          <ChevronRight
            aria-hidden
            className={classes("size-4 shrink-0 text-muted transition-transform", open && "rotate-90")}
          />
          <Network aria-hidden className="size-4 shrink-0 text-accent" />
          <span className="font-medium">
            <CellText text={t("title", { version: citus.version })} />
          </span>
          <span className="text-muted">{t("lead")}</span>
        </button>
      </h2>
      <div id={id} hidden={!open}>
        {open && (
          <Suspense
            fallback={
              <p className="border-line border-t px-3 py-3">
                <Spinner />
              </p>
            }
          >
            <CitusPanel connectionId={connectionId} citus={citus} />
          </Suspense>
        )}
      </div>
    </section>
  );
}
