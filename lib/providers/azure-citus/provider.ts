import type { ProviderData } from "#lib/providers/provider.ts";

/**
 * Azure Cosmos DB for PostgreSQL, formerly Hyperscale (Citus). `c` is the coordinator, `w0` … are workers; names
 * from before June 2023 end as the flexible server's do, but begin with one of these labels.
 */
export const azureCitus = {
  id: "azure-citus",
  name: "Azure Cosmos DB for PostgreSQL",
  hosts:
    /^(?:c|w\d{1,3})(?:-[a-z0-9-]+\.[a-z0-9]{14}\.(?:privatelink\.)?postgres\.cosmos\.(?:azure\.com|chinacloudapi\.cn)|\.(?:privatelink\.)?[a-z0-9-]+\.postgres\.database\.azure\.com)$/,
  defaults: { port: "5432", database: "citus", user: "citus", ssl: true, mode: "verify-full" },
  tlsRequired: false,
  rootsSource: "mozilla",
  noteIds: [
    "azure-tls",
    "azure-citus-roots",
    "azure-citus-sign-in",
    "azure-firewall",
    "azure-citus-retiring",
  ],
  citus: { ports: "azure", worker: /^w\d+/i, coordinator: "c" },
} as const satisfies ProviderData;
