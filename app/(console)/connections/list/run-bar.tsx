"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { SoftLink } from "../../soft-link.tsx";
import type { RowTest } from "./run-tests.ts";
import type { TestRun } from "./use-test-run.ts";

/** How far a run of tests is, and what has failed in it, on whatever page that stands. Nothing before the first run. */
export function RunBar({ run }: { readonly run: TestRun }) {
  const t = useTranslations("list.test");
  const all = [...run.names.keys()].flatMap((id) => {
    const test = run.tests.get(id);
    return test === undefined ? [] : [{ id, test }];
  });
  if (all.length === 0) return null;
  const count = (state: RowTest["state"]) => all.filter(({ test }) => test.state === state).length;
  const [passed, failed, stopped] = [count("passed"), count("failed"), count("stopped")];
  const ended = passed + failed + stopped;
  const failures = all.flatMap(({ id, test }) => (test.state === "failed" ? [[id, test] as const] : []));
  return (
    <section
      aria-label={t("title")}
      className="mb-3 rounded-lg border border-line bg-surface px-4 py-3 shadow-card"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="mr-auto font-medium">
          {run.running && (
            <p>
              {t("progress", { ended, count: all.length })}
              {run.pause > 0 && (
                <span className="ml-2 font-normal text-muted">{t("pause", { seconds: run.pause })}</span>
              )}
            </p>
          )}
          {/* Told when it has ended; the numbers on the way there would never stop talking. */}
          <p role="status">{run.running ? "" : t("ended", { passed, failed, stopped })}</p>
        </div>
        {run.running ? (
          <Button size="sm" onClick={run.stop}>
            {t("cancel")}
          </Button>
        ) : (
          <button
            type="button"
            aria-label={t("clear")}
            title={t("clear")}
            onClick={run.clear}
            className="grid size-7 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink pointer-coarse:size-11"
          >
            <X aria-hidden className="size-4" />
          </button>
        )}
      </div>
      {run.running && (
        <progress
          aria-label={t("title")}
          value={ended}
          max={all.length}
          className="mt-2 block h-1.5 w-full overflow-hidden rounded-full accent-accent"
        />
      )}
      {failures.length > 0 && (
        <details className="mt-2">
          <summary className="w-fit rounded-sm text-danger">{t("failures")}</summary>
          <ul className="mt-1 max-h-60 overflow-y-auto">
            {failures.map(([id, test]) => (
              <li key={id} className="flex flex-wrap gap-x-2 py-1">
                <SoftLink
                  href={`/settings/connections/${id}`}
                  className="inline-block min-h-6 break-words text-accent underline"
                >
                  {run.names.get(id) ?? id}
                </SoftLink>
                <span className="min-w-0 break-words text-muted">{test.title}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
