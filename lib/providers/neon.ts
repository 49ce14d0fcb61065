import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";
import { letsEncryptRoots } from "./public-roots.ts";

/** Neon: publicly trusted certificates (Let's Encrypt); the server finds the database by the SNI name. */
export const neon: Provider = {
  id: "neon",
  name: "Neon",
  hosts: /^ep-[a-z0-9-]+\.(?:[a-z0-9-]+\.)*neon\.(?:tech|build)$/,
  defaults: { port: "5432", ssl: true, mode: "verify-full", channelBinding: "require", sni: true },
  tlsRequired: false,
  rootsSource: "mozilla",
  noteIds: ["neon-tls", "neon-channel-binding", "neon-pooler"],
};

export const neonFacts: ProviderFacts = {
  id: "neon",
  roots: letsEncryptRoots,
  errors: [
    { words: /connection is insecure/i, code: "auth-tls-required" },
    { words: /endpoint ID is not specified|SNI (?:is )?required/i, code: "auth-sni-required" },
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
