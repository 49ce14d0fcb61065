import type { ProviderFacts } from "#lib/providers/provider-facts.ts";

export const aivenFacts: ProviderFacts = {
  roots: [],
  issuers: /Project CA/,
  errors: [],
  firewall: "allow-list",
  sources: [
    { about: "roots", page: "aiven.io/docs/platform/concepts/tls-ssl-certificates", asOf: "2026-11" },
  ],
};
