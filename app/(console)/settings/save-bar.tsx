"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { useLeaveGuard } from "../connections/form/use-leave-guard.ts";

const LeaveChanges = lazy(async () => ({ default: (await import("./leave-changes.tsx")).LeaveChanges }));

interface Props {
  /** How many changes there are; without one there is no bar. */
  readonly count: number;
  /** What the button says. */
  readonly label: string;
  readonly pending: boolean;
  readonly failure: Explained | undefined;
  readonly onDiscard: () => void;
}

/**
 * The foot of a form of settings, there while something is changed: what is not saved, and the two ways to settle it.
 * Whoever leaves is asked first. That it was saved is said by a toast.
 */
export function SaveBar({ count, label, pending, failure, onDiscard }: Props) {
  const t = useTranslations("door.saveBar");
  const guard = useLeaveGuard(count > 0 && !pending);
  return (
    <>
      {failure === undefined ? null : (
        <Alert tone="danger" role="alert" problem={failure.problem.code} title={failure.title}>
          {failure.fix}
        </Alert>
      )}
      {/* There before its words, so that they are announced. */}
      <p role="status" className="sr-only">
        {pending ? t("saving") : count > 0 ? t("changed", { count }) : ""}
      </p>
      {count > 0 && (
        <div
          data-foot-bar
          className="sticky bottom-0 z-20 -mx-4 -mb-4 flex animate-appear flex-wrap items-center gap-2 rounded-b-lg border-line border-t bg-raised px-4 py-2.5 shadow-float sm:-mx-5 sm:-mb-5 sm:px-5"
        >
          <p aria-hidden className="mr-auto min-w-0 text-[0.8125rem] text-muted">
            {pending ? t("saving") : t("changed", { count })}
          </p>
          <Button disabled={pending} onClick={onDiscard}>
            {t("discard")}
          </Button>
          <Button type="submit" look="primary" pending={pending}>
            {label}
          </Button>
        </div>
      )}
      {/* Loaded with the first change: where the console has gone meanwhile, it could not be asked for any more. */}
      {count > 0 && (
        <Suspense fallback={null}>
          <LeaveChanges {...guard} />
        </Suspense>
      )}
    </>
  );
}
