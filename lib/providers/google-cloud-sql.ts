import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";

/** Google Cloud SQL and AlloyDB: mostly reached by address, with a CA for each instance; newer instances have names. */
export const googleCloudSql: Provider = {
  id: "google-cloud-sql",
  name: "Google Cloud SQL and AlloyDB",
  hosts: /^(?:[a-z0-9-]+\.)+(?:sql(?:-psa|-psc)?|alloydb(?:-psc)?)\.goog$/,
  defaults: {
    port: "5432",
    database: "postgres",
    user: "postgres",
    ssl: true,
    mode: "verify-full",
    trust: "own",
  },
  tlsRequired: false,
  rootsSource: "none",
  noteIds: ["google-cloud-sql-ca", "google-cloud-sql-client-certificate", "google-cloud-sql-network"],
};

export const googleCloudSqlFacts: ProviderFacts = {
  id: "google-cloud-sql",
  roots: [],
  issuers: /Google Cloud SQL Server CA/,
  errors: [{ words: /Cloud SQL IAM user authentication failed/i, code: "auth-token-refused" }],
  firewall: "google-authorised-networks",
  sources: [
    { about: "roots", page: "cloud.google.com/sql/docs/postgres/authorize-ssl", asOf: "2026-11" },
    { about: "hosts", page: null, asOf: "2026-11" },
  ],
};
