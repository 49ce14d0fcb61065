import type { ProviderData } from "#lib/providers/provider.ts";

/** Amazon RDS Proxy: it chains to Amazon's public roots, not to those of RDS. */
export const rdsProxy = {
  id: "rds-proxy",
  name: "Amazon RDS Proxy",
  hosts:
    /^(?:[a-z0-9-]+\.)+proxy-[a-z0-9]+\.(?:[a-z0-9-]+\.rds\.amazonaws\.com|rds\.[a-z0-9-]+\.amazonaws\.com\.cn)$/,
  defaults: { port: "5432", ssl: true, mode: "verify-full" },
  tlsRequired: false,
  rootsSource: "mozilla",
  noteIds: ["rds-proxy-roots", "rds-proxy-network"],
} as const satisfies ProviderData;
