import type { ProviderFacts } from "#lib/providers/provider-facts.ts";

export const crunchyBridgeFacts: ProviderFacts = {
  roots: [],
  errors: [],
  firewall: "allow-list",
  sources: [{ about: "roots", page: "docs.crunchybridge.com/concepts/tls", asOf: "2026-11" }],
};
