import type { ProviderFacts } from "#lib/providers/provider-facts.ts";

export const railwayFacts: ProviderFacts = {
  roots: [],
  errors: [],
  sources: [
    { about: "railway-certificate", page: "github.com/railwayapp-templates/postgres-ssl", asOf: "2026-11" },
  ],
};
