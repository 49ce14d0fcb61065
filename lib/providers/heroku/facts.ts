import type { ProviderFacts } from "#lib/providers/provider-facts.ts";

export const herokuFacts: ProviderFacts = {
  roots: [],
  errors: [],
  sources: [
    { about: "hosts", page: null, asOf: "2026-11" },
    {
      about: "heroku-rotation",
      page: "devcenter.heroku.com/articles/connecting-heroku-postgres",
      asOf: "2026-11",
    },
  ],
};
