import type { ProviderData } from "#lib/providers/provider.ts";

/** Crunchy Bridge: a CA for each team. */
export const crunchyBridge = {
  id: "crunchy-bridge",
  name: "Crunchy Bridge",
  hosts: /^(?:[a-z0-9-]+\.)+db\.postgresbridge\.com$/,
  defaults: { port: "5432", database: "postgres", ssl: true, mode: "verify-full", trust: "own" },
  tlsRequired: false,
  rootsSource: "none",
  noteIds: ["crunchy-ca", "crunchy-firewall"],
} as const satisfies ProviderData;
