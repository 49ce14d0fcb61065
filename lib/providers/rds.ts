import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";

/** Regions whose roots are younger than the bundle we carry; a test holds both to it. */
const youngRegions = /\.(?:ca-west-1|il-central-1|ap-southeast-[57]|mx-central-1)\.rds\.amazonaws\.com$/;

/** Amazon RDS and Aurora: private roots, a few for each region, in no public store. */
export const rds: Provider = {
  id: "rds",
  name: "Amazon RDS and Aurora",
  hosts: /^(?:[a-z0-9-]+\.)+rds\.(?:amazonaws\.com|[a-z0-9-]+\.amazonaws\.com\.cn)$/,
  defaults: { port: "5432", ssl: true, mode: "verify-full", trust: "provider" },
  tlsRequired: false,
  rootsSource: "rds-bundle",
  noteIds: ["rds-tls", "rds-roots", "rds-endpoint"],
  rootsMissing: youngRegions,
  hostNotes: [{ hosts: youngRegions, noteId: "rds-region-missing" }],
};

export const rdsFacts: ProviderFacts = {
  id: "rds",
  roots: [],
  errors: [{ words: /PAM authentication failed/i, code: "auth-token-refused", ownHostsOnly: true }],
  firewall: "aws-security-group",
  lacks: ["ca-west-1", "il-central-1", "ap-southeast-5", "ap-southeast-7", "mx-central-1"],
  sources: [
    {
      about: "roots",
      page: "docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html",
      asOf: "2026-11",
    },
    {
      about: "settings",
      page: "docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html",
      asOf: "2026-11",
    },
    {
      about: "errors",
      page: "docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Troubleshooting.html",
      asOf: "2026-11",
    },
  ],
};
