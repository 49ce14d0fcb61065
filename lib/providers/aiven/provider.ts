import type { ProviderData } from "#lib/providers/provider.ts";

/** Aiven: a CA for each project, and a port for each service. */
export const aiven = {
  id: "aiven",
  name: "Aiven",
  hosts: /^(?:[a-z0-9-]+\.)+aivencloud\.com$/,
  defaults: { database: "defaultdb", user: "avnadmin", ssl: true, mode: "verify-full", trust: "own" },
  tlsRequired: false,
  rootsSource: "none",
  noteIds: ["aiven-ca", "aiven-port"],
} as const satisfies ProviderData;
