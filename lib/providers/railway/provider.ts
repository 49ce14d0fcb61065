import type { ProviderData } from "#lib/providers/provider.ts";

/** Railway: its certificate names only localhost, so that Verify Full cannot succeed on the public proxy. */
export const railway = {
  id: "railway",
  name: "Railway",
  hosts: /^(?:[a-z0-9-]+\.)+(?:proxy\.rlwy\.net|railway\.(?:internal|app))$/,
  defaults: { database: "railway", user: "postgres", ssl: true, mode: "require" },
  tlsRequired: false,
  rootsSource: "none",
  noteIds: ["railway-certificate", "railway-pin"],
} as const satisfies ProviderData;
