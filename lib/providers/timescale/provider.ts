import type { ProviderData } from "#lib/providers/provider.ts";

/** Timescale Cloud (Tiger): a port for each service, and a public certificate some time after it was made. */
export const timescale = {
  id: "timescale",
  name: "Timescale",
  hosts: /^(?:[a-z0-9-]+\.)+tsdb\.cloud\.timescale\.com$/,
  defaults: { database: "tsdb", user: "tsdbadmin", ssl: true, mode: "verify-full" },
  tlsRequired: false,
  rootsSource: "mozilla",
  noteIds: ["timescale-tls", "timescale-port"],
} as const satisfies ProviderData;
