import type { ProviderData } from "#lib/providers/provider.ts";

/** Regions whose roots are younger than the bundle we carry; a test holds both to it. */
const youngRegions = /\.(?:ca-west-1|il-central-1|ap-southeast-[57]|mx-central-1)\.rds\.amazonaws\.com$/;

/** Amazon RDS and Aurora: private roots, a few for each region, in no public store. */
export const rds = {
  id: "rds",
  name: "Amazon RDS and Aurora",
  hosts: /^(?:[a-z0-9-]+\.)+rds\.(?:amazonaws\.com|[a-z0-9-]+\.amazonaws\.com\.cn)$/,
  defaults: { port: "5432", ssl: true, mode: "verify-full", trust: "provider" },
  tlsRequired: false,
  rootsSource: "rds-bundle",
  noteIds: ["rds-tls", "rds-roots", "rds-endpoint"],
  rootsMissing: youngRegions,
  hostNotes: [{ hosts: youngRegions, noteId: "rds-region-missing" }],
} as const satisfies ProviderData;
