import type { ProviderFacts } from "#lib/providers/provider-facts.ts";
import { googleTrustRoots, letsEncryptRoots } from "#lib/providers/public-roots.ts";

export const renderFacts: ProviderFacts = {
  roots: [...googleTrustRoots, ...letsEncryptRoots],
  errors: [],
  firewall: "allow-list",
  sources: [
    { about: "hosts", page: "render.com/docs/postgresql-creating-connecting", asOf: "2026-11" },
    { about: "roots", page: null, asOf: "2026-11" },
  ],
};
