import type { ProviderFacts } from "#lib/providers/provider-facts.ts";

export const localFacts: ProviderFacts = {
  roots: [],
  errors: [],
  sources: [],
};
