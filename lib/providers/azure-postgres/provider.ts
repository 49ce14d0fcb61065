import type { ProviderData } from "#lib/providers/provider.ts";

/** Azure Database for PostgreSQL, flexible server and elastic clusters. */
export const azurePostgres = {
  id: "azure-postgres",
  name: "Azure Database for PostgreSQL",
  hosts: /^(?:[a-z0-9-]+\.)+postgres\.database\.(?:azure\.com|usgovcloudapi\.net|chinacloudapi\.cn)$/,
  defaults: { port: "5432", database: "postgres", ssl: true, mode: "verify-full" },
  tlsRequired: false,
  rootsSource: "mozilla",
  noteIds: ["azure-tls", "azure-postgres-roots", "azure-pooler", "azure-firewall"],
  citus: { ports: "azure" },
} as const satisfies ProviderData;
