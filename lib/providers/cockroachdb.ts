import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";
import { letsEncryptRoots } from "./public-roots.ts";

/** CockroachDB Cloud: publicly trusted on Basic and Standard; Advanced has a CA for each cluster. */
export const cockroachdb: Provider = {
  id: "cockroachdb",
  name: "CockroachDB",
  hosts: /^(?:[a-z0-9-]+\.)+cockroachlabs\.cloud$/,
  defaults: { port: "26257", database: "defaultdb", ssl: true, mode: "verify-full", sni: true },
  tlsRequired: false,
  rootsSource: "mozilla",
  noteIds: ["cockroachdb-roots", "cockroachdb-cluster"],
};

export const cockroachdbFacts: ProviderFacts = {
  id: "cockroachdb",
  roots: letsEncryptRoots,
  errors: [
    { words: /missing cluster identifier|codeParamsRoutingFailed/i, code: "auth-sni-required" },
    { words: /secure mode, SSL connection required/i, code: "auth-tls-required" },
  ],
  firewall: "allow-list",
  sources: [
    {
      about: "settings",
      page: "www.cockroachlabs.com/docs/cockroachcloud/connect-to-your-cluster",
      asOf: "2026-11",
    },
    { about: "errors", page: null, asOf: "2026-11" },
  ],
};
