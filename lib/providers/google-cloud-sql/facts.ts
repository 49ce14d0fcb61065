import type { ProviderFacts } from "#lib/providers/provider-facts.ts";

export const googleCloudSqlFacts: ProviderFacts = {
  roots: [],
  issuers: /Google Cloud SQL Server CA/,
  errors: [{ words: /Cloud SQL IAM user authentication failed/i, code: "auth-token-refused" }],
  firewall: "google-authorised-networks",
  sources: [
    { about: "roots", page: "cloud.google.com/sql/docs/postgres/authorize-ssl", asOf: "2026-11" },
    { about: "hosts", page: null, asOf: "2026-11" },
  ],
};
