import type { ProviderFacts } from "#lib/providers/provider-facts.ts";
import { azureRoots } from "#lib/providers/public-roots.ts";

export const azureCitusFacts: ProviderFacts = {
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
