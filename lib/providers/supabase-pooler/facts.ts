import type { ProviderFacts } from "#lib/providers/provider-facts.ts";

export const supabasePoolerFacts: ProviderFacts = {
  roots: [],
  errors: [
    { words: /tenant(?: or|\/)\s?user .*not found/i, code: "auth-pooler-tenant-unknown" },
    { words: /SSL connection is required/i, code: "auth-tls-required" },
    {
      words: /max clients? (?:connections )?reached|MaxClientsInSessionMode/i,
      code: "server-too-many-connections",
    },
  ],
  firewall: "allow-list",
  sources: [
    { about: "roots", page: "supabase.com/docs/guides/platform/ssl-enforcement", asOf: "2026-11" },
    {
      about: "supabase-pooler",
      page: "supabase.com/docs/guides/database/connecting-to-postgres",
      asOf: "2026-11",
    },
  ],
};
