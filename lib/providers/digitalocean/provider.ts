import type { ProviderData } from "#lib/providers/provider.ts";

/** DigitalOcean Managed Databases: a CA for each team's project, downloaded from the control panel. */
export const digitalocean = {
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
} as const satisfies ProviderData;
