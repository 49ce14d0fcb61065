import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";

/** Supabase, the database itself: a root of its own, in no public store, downloaded from the project's dashboard. */
export const supabase: Provider = {
  id: "supabase",
  name: "Supabase",
  hosts: /^db\.[a-z0-9]{20}\.supabase\.(?:co|red)$/,
  defaults: {
    port: "5432",
    database: "postgres",
    user: "postgres",
    ssl: true,
    mode: "verify-full",
    trust: "own",
  },
  tlsRequired: false,
  rootsSource: "none",
  noteIds: ["supabase-root", "supabase-tls", "supabase-direct"],
};

export const supabaseFacts: ProviderFacts = {
  id: "supabase",
  roots: [],
  issuers: /Supabase (?:Root|Intermediate) \d{4} CA/,
  errors: [{ words: /SSL connection is required/i, code: "auth-tls-required" }],
  firewall: "allow-list",
  sources: [
    { about: "roots", page: "supabase.com/docs/guides/platform/ssl-enforcement", asOf: "2026-11" },
    { about: "hosts", page: "supabase.com/docs/guides/database/connecting-to-postgres", asOf: "2026-11" },
  ],
};
