"use client";

import { lazy, Suspense } from "react";
import { useFormState } from "react-hook-form";
import type { FormValues } from "#lib/settings/form-values.ts";
import { useLeaveGuard } from "./use-leave-guard.ts";

const LeaveDialog = lazy(async () => ({ default: (await import("./leave-dialog.tsx")).LeaveDialog }));

/** Stands between entries that are not saved and whatever leads away from them. */
export function LeaveQuestion() {
  const { isDirty } = useFormState<FormValues>();
  const guard = useLeaveGuard(isDirty);
  // Loaded with the first entry: where the console has gone meanwhile, it could not be asked for any more.
  if (!isDirty) return null;
  return (
    <Suspense fallback={null}>
      <LeaveDialog {...guard} />
    </Suspense>
  );
}
