import type { ProviderFacts } from "#lib/providers/provider-facts.ts";
import { amazonRoots } from "#lib/providers/public-roots.ts";

export const rdsProxyFacts: ProviderFacts = {
  roots: amazonRoots,
  errors: [
    { words: /RDS Proxy requires TLS/i, code: "auth-tls-required" },
    { words: /IAM is allowed only with SSL/i, code: "auth-tls-required" },
    { words: /no credentials for the role/i, code: "auth-role-unknown" },
    { words: /IAM authentication failed/i, code: "auth-token-refused" },
  ],
  firewall: "aws-security-group",
  sources: [
    {
      about: "roots",
      page: "docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html",
      asOf: "2026-11",
    },
    {
      about: "errors",
      page: "docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html",
      asOf: "2026-11",
    },
  ],
};
