import type { ProviderFacts } from "#lib/providers/provider-facts.ts";

export const yugabytedbFacts: ProviderFacts = {
  roots: [],
  errors: [],
  firewall: "allow-list",
  sources: [
    {
      about: "roots",
      page: "docs.yugabyte.com/preview/yugabyte-cloud/cloud-secure-clusters/cloud-authentication/",
      asOf: "2026-11",
    },
  ],
};
