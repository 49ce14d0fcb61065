import type { ProviderFacts } from "#lib/providers/provider-facts.ts";

export const localFacts: ProviderFacts = {
  id: "local",
  roots: [],
  errors: [],
  sources: [],
};
