import type { ProviderData } from "#lib/providers/provider.ts";

/** Render: the external names; internal ones (`dpg-…` alone) are nobody's to recognise. */
export const render = {
  id: "render",
  name: "Render",
  hosts: /^dpg-[a-z0-9]+(?:-[a-z0-9]+)?\.[a-z0-9-]+-postgres\.render\.com$/,
  defaults: { port: "5432", ssl: true, mode: "verify-full" },
  tlsRequired: false,
  rootsSource: "mozilla",
  noteIds: ["render-tls", "render-internal"],
} as const satisfies ProviderData;
