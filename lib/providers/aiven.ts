import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";

/** Aiven: a CA for each project, and a port for each service. */
export const aiven: Provider = {
  id: "aiven",
  name: "Aiven",
  hosts: /^(?:[a-z0-9-]+\.)+aivencloud\.com$/,
  defaults: { database: "defaultdb", user: "avnadmin", ssl: true, mode: "verify-full", trust: "own" },
  tlsRequired: false,
  rootsSource: "none",
  noteIds: ["aiven-ca", "aiven-port"],
};

export const aivenFacts: ProviderFacts = {
  id: "aiven",
  roots: [],
  issuers: /Project CA/,
  errors: [],
  firewall: "allow-list",
  sources: [
    { about: "roots", page: "aiven.io/docs/platform/concepts/tls-ssl-certificates", asOf: "2026-11" },
  ],
};
