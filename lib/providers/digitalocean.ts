import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";

/** DigitalOcean Managed Databases: a CA for each team's project, downloaded from the control panel. */
export const digitalocean: Provider = {
  id: "digitalocean",
  name: "DigitalOcean",
  hosts: /^(?:[a-z0-9-]+\.)+db\.ondigitalocean\.com$/,
  defaults: {
    port: "25060",
    database: "defaultdb",
    user: "doadmin",
    ssl: true,
    mode: "verify-full",
    trust: "own",
  },
  tlsRequired: false,
  rootsSource: "none",
  noteIds: ["digitalocean-ca", "digitalocean-ports", "digitalocean-sources"],
};

export const digitaloceanFacts: ProviderFacts = {
  id: "digitalocean",
  roots: [],
  errors: [],
  firewall: "allow-list",
  sources: [
    { about: "digitalocean-ports", page: null, asOf: "2026-11" },
    {
      about: "roots",
      page: "docs.digitalocean.com/products/databases/postgresql/how-to/connect/",
      asOf: "2026-11",
    },
  ],
};
