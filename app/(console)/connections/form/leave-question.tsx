"use client";

import { lazy, Suspense, useEffect } from "react";
import { useFormState } from "react-hook-form";
import type { FormValues } from "#lib/settings/form-values.ts";

const LeaveGuard = lazy(async () => ({ default: (await import("./leave-guard.tsx")).LeaveGuard }));

/**
 * Stands between entries that are not saved and whatever leads away from them.
 * @param alsoChanged whether something beside the form's values is not saved
 */
export function LeaveQuestion({ alsoChanged }: { readonly alsoChanged: boolean }) {
  const { isDirty } = useFormState<FormValues>();
  // Loaded with the first entry: where the console has gone meanwhile, it could not be asked for any more.
  if (!isDirty && !alsoChanged) return null;
  return (
    <Suspense fallback={<Meanwhile />}>
      <LeaveGuard />
    </Suspense>
  );
}

/** A reload right after the first letter is asked about, too. */
function Meanwhile() {
  useEffect(() => {
    const hold = (event: Event) => event.preventDefault();
    window.addEventListener("beforeunload", hold);
    return () => window.removeEventListener("beforeunload", hold);
  }, []);
  return null;
}
