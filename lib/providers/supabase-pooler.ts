import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";

/** Supabase's shared pooler, Supavisor: the same authority as the database, other user names. */
export const supabasePooler: Provider = {
  id: "supabase-pooler",
  name: "Supabase pooler",
  hosts: /^(?:[a-z0-9-]+\.)+pooler\.supabase\.com$/,
  defaults: { port: "5432", database: "postgres", ssl: true, mode: "verify-full", trust: "own" },
  tlsRequired: false,
  rootsSource: "none",
  rootsOf: "supabase",
  noteIds: ["supabase-root", "supabase-tls", "supabase-pooler"],
};

export const supabasePoolerFacts: ProviderFacts = {
  id: "supabase-pooler",
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
