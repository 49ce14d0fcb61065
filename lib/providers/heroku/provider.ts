import type { ProviderData } from "#lib/providers/provider.ts";

/**
 * Heroku Postgres on machines of its own; those on RDS are recognised as RDS. Any server on EC2 has such a name, so
 * nothing but encryption is proposed.
 */
export const heroku = {
  id: "heroku",
  name: "Heroku Postgres",
  hosts: /^ec2-\d{1,3}(?:-\d{1,3}){3}\.(?:compute-1|[a-z0-9-]+\.compute)\.amazonaws\.com$/,
  defaults: { port: "5432", ssl: true, mode: "require" },
  tlsRequired: false,
  rootsSource: "none",
  noteIds: ["heroku-certificate", "heroku-rotation"],
} as const satisfies ProviderData;
