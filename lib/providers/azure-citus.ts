import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";
import { azureRoots } from "./public-roots.ts";

/**
 * Azure Cosmos DB for PostgreSQL, formerly Hyperscale (Citus). `c` is the coordinator, `w0` … are workers; names
 * from before June 2023 end as the flexible server's do, but begin with one of these labels.
 */
export const azureCitus: Provider = {
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
};

export const azureCitusFacts: ProviderFacts = {
  id: "azure-citus",
  roots: azureRoots,
  errors: [{ words: /SSL connection is required/i, code: "auth-tls-required" }],
  firewall: "azure-firewall-rules",
  sources: [
    {
      about: "hosts",
      page: "learn.microsoft.com/azure/cosmos-db/postgresql/concepts-node-domain-name",
      asOf: "2026-11",
    },
    {
      about: "roots",
      page: "learn.microsoft.com/azure/cosmos-db/postgresql/howto-ssl-connection-security",
      asOf: "2026-11",
    },
    {
      about: "azure-citus-sign-in",
      page: "learn.microsoft.com/azure/cosmos-db/postgresql/concepts-connection-pool",
      asOf: "2026-11",
    },
    {
      about: "azure-citus-retiring",
      page: "learn.microsoft.com/azure/postgresql/migrate/how-to-migrate-database-postgresql",
      asOf: "2026-11",
    },
  ],
};
