import type { ProviderFacts } from "#lib/providers/provider-facts.ts";

export const digitaloceanFacts: ProviderFacts = {
  roots: [],
  errors: [],
  firewall: "allow-list",
  sources: [
    { about: "digitalocean-ports", page: null, asOf: "2026-11" },
    {
      about: "roots",
      page: "docs.digitalocean.com/products/databases/postgresql/how-to/connect/",
      asOf: "2026-11",
    },
  ],
};
