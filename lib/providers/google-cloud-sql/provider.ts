import type { ProviderData } from "#lib/providers/provider.ts";

/** Google Cloud SQL and AlloyDB: mostly reached by address, with a CA for each instance; newer instances have names. */
export const googleCloudSql = {
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
} as const satisfies ProviderData;
