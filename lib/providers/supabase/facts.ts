import type { ProviderFacts } from "#lib/providers/provider-facts.ts";

export const supabaseFacts: ProviderFacts = {
  roots: [],
  issuers: /Supabase (?:Root|Intermediate) \d{4} CA/,
  errors: [{ words: /SSL connection is required/i, code: "auth-tls-required" }],
  firewall: "allow-list",
  sources: [
    { about: "roots", page: "supabase.com/docs/guides/platform/ssl-enforcement", asOf: "2026-11" },
    { about: "hosts", page: "supabase.com/docs/guides/database/connecting-to-postgres", asOf: "2026-11" },
  ],
};
