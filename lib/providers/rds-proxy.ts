import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";
import { amazonRoots } from "./public-roots.ts";

/** Amazon RDS Proxy: it chains to Amazon's public roots, not to those of RDS. */
export const rdsProxy: Provider = {
  id: "rds-proxy",
  name: "Amazon RDS Proxy",
  hosts:
    /^(?:[a-z0-9-]+\.)+proxy-[a-z0-9]+\.(?:[a-z0-9-]+\.rds\.amazonaws\.com|rds\.[a-z0-9-]+\.amazonaws\.com\.cn)$/,
  defaults: { port: "5432", ssl: true, mode: "verify-full" },
  tlsRequired: false,
  rootsSource: "mozilla",
  noteIds: ["rds-proxy-roots", "rds-proxy-network"],
};

export const rdsProxyFacts: ProviderFacts = {
  id: "rds-proxy",
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
