import type { ProviderFacts } from "#lib/providers/provider-facts.ts";
import { letsEncryptRoots } from "#lib/providers/public-roots.ts";

export const neonFacts: ProviderFacts = {
  roots: letsEncryptRoots,
  errors: [
    { words: /connection is insecure/i, code: "auth-tls-required" },
    { words: /endpoint ID is not specified|SNI (?:is )?required/i, code: "auth-sni-required" },
    { words: /inconsistent project name inferred from SNI/i, code: "auth-endpoint-conflict" },
    { words: /requested endpoint could not be found/i, code: "auth-endpoint-unknown" },
    {
      words: /exceeded the (?:compute time|data transfer) quota|endpoint (?:is|has been) disabled/i,
      code: "server-paused",
    },
    {
      words: /could(?: not|n['’]t) connect to compute node|control plane request failed/i,
      code: "server-starting",
    },
  ],
  firewall: "allow-list",
  sources: [
    { about: "settings", page: "neon.com/docs/connect/connect-securely", asOf: "2026-11" },
    { about: "errors", page: "neon.com/docs/connect/connection-errors", asOf: "2026-11" },
    { about: "neon-channel-binding", page: "neon.com/docs/changelog/2025-06-27", asOf: "2026-11" },
  ],
};
