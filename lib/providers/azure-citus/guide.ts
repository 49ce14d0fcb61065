import type { ProviderGuide } from "#lib/providers/guide.ts";
import {
  port,
  say,
  sayDisputed,
  sayWhere,
  trustSystem,
  verifyFullPublic,
} from "#lib/providers/shared-statements.ts";

const firewall = sayWhere("net-azure-firewall", "Cluster → Networking → Firewall rules", "citus-tls");

export const azureCitusGuide: ProviderGuide = {
  lead: say("citus-lead", "citus-tls"),
  start: [
    sayWhere("start-paste", "Cluster → Settings → Connection strings", "citus-tls"),
    sayWhere("start-allow", "Cluster → Networking → Firewall rules", "citus-tls"),
    say("start-system"),
    say("start-verify-full"),
  ],
  settings: [
    verifyFullPublic,
    trustSystem,
    port("5432"),
    { field: "database", value: "citus", why: say("why-database", "citus-tls") },
    { field: "user", value: "citus", why: say("why-user", "citus-tls") },
  ],
  roots: [sayDisputed("citus-roots", "citus-tls"), say("citus-enforced", "citus-security")],
  trust: [
    {
      kind: "system-root",
      roots: ["DigiCertGlobalRootG2", "MicrosoftRSARoot2017", "DigiCertGlobalRootCA"],
    },
  ],
  psql: {
    host: "c-shop.12345678901234.postgres.cosmos.azure.com",
    port: "5432",
    database: "citus",
    user: "citus",
    mode: "verify-full",
    rootCert: "system",
    rootCertOnWindows: "azure-roots.pem",
  },
  signIn: [say("citus-user", "citus-tls"), say("azure-entra", "unconfirmed")],
  ports: [
    { port: "5432", note: say("port-server", "citus-pool") },
    { port: "6432", note: say("port-pgbouncer", "citus-pool") },
  ],
  network: [
    firewall,
    say("net-azure-private", "unconfirmed"),
    say("citus-nodes", "unconfirmed"),
    say("citus-retired", "citus-tls"),
  ],
  errors: [
    { text: "timeout expired", code: "net-timeout", note: firewall },
    {
      text: "FATAL: SSL connection is required. Please specify SSL options and retry.",
      code: "auth-tls-required",
      note: say("error-no-tls"),
    },
    {
      text: "unable to get local issuer certificate",
      code: "tls-unknown-ca",
      note: sayDisputed("citus-roots", "citus-tls"),
    },
    {
      text: "unsupported startup parameter: options",
      code: "startup-parameter-refused",
      note: say("pgbouncer-parameter", "pgbouncer-startup"),
    },
  ],
};
