import type { ProviderData } from "#lib/providers/provider.ts";

/**
 * PgBouncer, under anybody's name: told by its usual port, and by its words. Nothing is proposed, as its certificate
 * may be anything.
 */
export const pgbouncer = {
  id: "pgbouncer",
  name: "PgBouncer",
  hosts: null,
  ports: ["6432"],
  defaults: {},
  tlsRequired: false,
  rootsSource: "none",
  noteIds: ["pgbouncer-tls", "pgbouncer-options", "pgbouncer-binding"],
} as const satisfies ProviderData;
