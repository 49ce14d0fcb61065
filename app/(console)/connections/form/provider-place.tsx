"use client";

import { lazy, Suspense } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import type { Provider, ProviderId } from "#lib/providers/list.ts";
import type { FormValues } from "#lib/settings/form-values.ts";

const ProviderNotes = lazy(async () => ({
  default: (await import("./provider-notes.tsx")).ProviderNotes,
}));

/** The provider's notes, as soon as there is a host to know one by, or somebody has chosen it. */
export function ProviderPlace({
  chosen,
  onProvider,
}: {
  readonly chosen: ProviderId | undefined;
  readonly onProvider: (provider: Provider | undefined) => void;
}) {
  const { control } = useFormContext<FormValues>();
  const host = useWatch({ control, name: "host" });
  if (host === "" && chosen === undefined) return null;
  return (
    <Suspense fallback={null}>
      <ProviderNotes chosen={chosen} onProvider={onProvider} />
    </Suspense>
  );
}
