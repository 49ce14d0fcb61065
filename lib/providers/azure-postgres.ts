import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";
import { azureRoots } from "./public-roots.ts";

/** Azure Database for PostgreSQL, flexible server and elastic clusters. */
export const azurePostgres: Provider = {
  id: "azure-postgres",
  name: "Azure Database for PostgreSQL",
  hosts: /^(?:[a-z0-9-]+\.)+postgres\.database\.(?:azure\.com|usgovcloudapi\.net|chinacloudapi\.cn)$/,
  defaults: { port: "5432", database: "postgres", ssl: true, mode: "verify-full" },
  tlsRequired: false,
  rootsSource: "mozilla",
  noteIds: ["azure-tls", "azure-postgres-roots", "azure-pooler", "azure-firewall"],
};

export const azurePostgresFacts: ProviderFacts = {
  id: "azure-postgres",
  roots: azureRoots,
  errors: [
    { words: /SSL connection is required/i, code: "auth-tls-required" },
    { words: /access token .*(?:expired|not valid)/i, code: "auth-token-refused" },
  ],
  firewall: "azure-firewall-rules",
  sources: [
    {
      about: "roots",
      page: "learn.microsoft.com/azure/postgresql/flexible-server/security-tls-how-to-connect",
      asOf: "2026-11",
    },
    {
      about: "azure-pooler",
      page: "learn.microsoft.com/azure/postgresql/flexible-server/concepts-pgbouncer",
      asOf: "2026-11",
    },
  ],
};
