"use client";

import { lazy, Suspense } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import type { Provider } from "#lib/providers/list.ts";
import type { FormValues } from "#lib/settings/form-values.ts";

const ProviderNotes = lazy(async () => ({
  default: (await import("./provider-notes.tsx")).ProviderNotes,
}));

/** The provider's notes, as soon as there is a host to know one by. */
export function ProviderPlace({
  onProvider,
}: {
  readonly onProvider: (provider: Provider | undefined) => void;
}) {
  const { control } = useFormContext<FormValues>();
  const host = useWatch({ control, name: "host" });
  if (host === "") return null;
  return (
    <Suspense fallback={null}>
      <ProviderNotes onProvider={onProvider} />
    </Suspense>
  );
}
