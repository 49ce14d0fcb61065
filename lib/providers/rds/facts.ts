import type { ProviderFacts } from "#lib/providers/provider-facts.ts";

export const rdsFacts: ProviderFacts = {
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
