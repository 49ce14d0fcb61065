import type { ProviderFacts } from "#lib/providers/provider-facts.ts";
import { letsEncryptRoots } from "#lib/providers/public-roots.ts";

export const timescaleFacts: ProviderFacts = {
  roots: letsEncryptRoots,
  errors: [],
  firewall: "allow-list",
  sources: [
    {
      about: "timescale-tls",
      page: "docs.timescale.com/use-timescale/latest/security/strict-ssl/",
      asOf: "2026-11",
    },
  ],
};
