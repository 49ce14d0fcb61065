import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";

/** Railway: its certificate names only localhost, so that Verify Full cannot succeed on the public proxy. */
export const railway: Provider = {
  id: "railway",
  name: "Railway",
  hosts: /^(?:[a-z0-9-]+\.)+(?:proxy\.rlwy\.net|railway\.(?:internal|app))$/,
  defaults: { database: "railway", user: "postgres", ssl: true, mode: "require" },
  tlsRequired: false,
  rootsSource: "none",
  noteIds: ["railway-certificate", "railway-pin"],
};

export const railwayFacts: ProviderFacts = {
  id: "railway",
  roots: [],
  errors: [],
  sources: [
    { about: "railway-certificate", page: "github.com/railwayapp-templates/postgres-ssl", asOf: "2026-11" },
  ],
};
