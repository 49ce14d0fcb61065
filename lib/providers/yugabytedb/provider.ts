import type { ProviderData } from "#lib/providers/provider.ts";

/** YugabyteDB Aeon: a private chain whose root is downloaded, port 5433. */
export const yugabytedb = {
  id: "yugabytedb",
  name: "YugabyteDB Aeon",
  hosts: /^(?:[a-z0-9-]+\.)+(?:aws|gcp|azure)\.yugabyte\.cloud$/,
  defaults: {
    port: "5433",
    database: "yugabyte",
    user: "admin",
    ssl: true,
    mode: "verify-full",
    trust: "own",
  },
  tlsRequired: false,
  rootsSource: "none",
  noteIds: ["yugabytedb-root", "yugabytedb-port"],
} as const satisfies ProviderData;
