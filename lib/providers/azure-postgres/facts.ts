import type { ProviderFacts } from "#lib/providers/provider-facts.ts";
import { azureRoots } from "#lib/providers/public-roots.ts";

export const azurePostgresFacts: ProviderFacts = {
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
