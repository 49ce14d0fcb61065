import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";

/**
 * Heroku Postgres on machines of its own; those on RDS are recognised as RDS. Any server on EC2 has such a name, so
 * nothing but encryption is proposed.
 */
export const heroku: Provider = {
  id: "heroku",
  name: "Heroku Postgres",
  hosts: /^ec2-\d{1,3}(?:-\d{1,3}){3}\.(?:compute-1|[a-z0-9-]+\.compute)\.amazonaws\.com$/,
  defaults: { port: "5432", ssl: true, mode: "require" },
  tlsRequired: false,
  rootsSource: "none",
  noteIds: ["heroku-certificate", "heroku-rotation"],
};

export const herokuFacts: ProviderFacts = {
  id: "heroku",
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
