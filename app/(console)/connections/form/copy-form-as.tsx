"use client";

import { lazy, Suspense } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import type { FormValues } from "#lib/settings/form-values.ts";

const CopyAsButton = lazy(async () => ({
  default: (await import("../../copy-as/copy-as-button.tsx")).CopyAsButton,
}));

/** The form as code and commands. There is nothing to copy before there is a host. */
export function CopyFormAs() {
  const { control, getValues } = useFormContext<FormValues>();
  const host = useWatch({ control, name: "host" });
  if (host === "") return null;
  return (
    <Suspense fallback={null}>
      <CopyAsButton source={{ form: getValues }} look="quiet" size="sm" />
    </Suspense>
  );
}
