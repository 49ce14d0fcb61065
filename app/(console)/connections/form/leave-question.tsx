"use client";

import { lazy, Suspense } from "react";
import { useFormState } from "react-hook-form";
import type { FormValues } from "#lib/settings/form-values.ts";

const LeaveGuard = lazy(async () => ({ default: (await import("./leave-guard.tsx")).LeaveGuard }));

/** Stands between entries that are not saved and whatever leads away from them. */
export function LeaveQuestion() {
  const { isDirty } = useFormState<FormValues>();
  // Loaded with the first entry: where the console has gone meanwhile, it could not be asked for any more.
  if (!isDirty) return null;
  return (
    <Suspense fallback={null}>
      <LeaveGuard />
    </Suspense>
  );
}
