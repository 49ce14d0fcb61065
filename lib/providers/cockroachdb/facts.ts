import type { ProviderFacts } from "#lib/providers/provider-facts.ts";
import { letsEncryptRoots } from "#lib/providers/public-roots.ts";

export const cockroachdbFacts: ProviderFacts = {
  roots: letsEncryptRoots,
  errors: [
    { words: /missing cluster identifier|codeParamsRoutingFailed/i, code: "auth-sni-required" },
    { words: /secure mode, SSL connection required/i, code: "auth-tls-required" },
  ],
  firewall: "allow-list",
  sources: [
    {
      about: "settings",
      page: "www.cockroachlabs.com/docs/cockroachcloud/connect-to-your-cluster",
      asOf: "2026-11",
    },
    { about: "errors", page: null, asOf: "2026-11" },
  ],
};
