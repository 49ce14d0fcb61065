"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { Alert } from "#components/ui/alert.tsx";

/** Loaded with the first change: most visits make none. */
const ShownBar = lazy(async () => ({ default: (await import("./save-bar-shown.tsx")).ShownBar }));

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
export function SaveBar({ failure, ...bar }: Props) {
  const t = useTranslations("unsaved.bar");
  const { count, pending } = bar;
  const said = pending ? t("saving") : count > 0 ? t("changed", { count }) : "";
  return (
    <>
      {failure === undefined ? null : (
        <Alert tone="danger" role="alert" problem={failure.problem.code} title={failure.title}>
          {failure.fix}
        </Alert>
      )}
      {/* There before its words, so that they are announced. */}
      <p role="status" className="sr-only">
        {said}
      </p>
      {count > 0 && (
        <Suspense fallback={null}>
          <ShownBar {...bar} said={said} />
        </Suspense>
      )}
    </>
  );
}
