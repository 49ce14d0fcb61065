import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";
import { letsEncryptRoots } from "./public-roots.ts";

/** Timescale Cloud (Tiger): a port for each service, and a public certificate some time after it was made. */
export const timescale: Provider = {
  id: "timescale",
  name: "Timescale",
  hosts: /^(?:[a-z0-9-]+\.)+tsdb\.cloud\.timescale\.com$/,
  defaults: { database: "tsdb", user: "tsdbadmin", ssl: true, mode: "verify-full" },
  tlsRequired: false,
  rootsSource: "mozilla",
  noteIds: ["timescale-tls", "timescale-port"],
};

export const timescaleFacts: ProviderFacts = {
  id: "timescale",
  roots: letsEncryptRoots,
  errors: [],
  firewall: "allow-list",
  sources: [
    {
      about: "timescale-tls",
      page: "docs.timescale.com/use-timescale/latest/security/strict-ssl/",
      asOf: "2026-11",
    },
  ],
};
