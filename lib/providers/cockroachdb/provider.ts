import type { ProviderData } from "#lib/providers/provider.ts";

/** CockroachDB Cloud: publicly trusted on Basic and Standard; Advanced has a CA for each cluster. */
export const cockroachdb = {
  id: "cockroachdb",
  name: "CockroachDB",
  hosts: /^(?:[a-z0-9-]+\.)+cockroachlabs\.cloud$/,
  defaults: { port: "26257", database: "defaultdb", ssl: true, mode: "verify-full", sni: true },
  tlsRequired: false,
  rootsSource: "mozilla",
  noteIds: ["cockroachdb-roots", "cockroachdb-cluster"],
} as const satisfies ProviderData;
