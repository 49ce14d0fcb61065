import type { ProviderGuide } from "#lib/providers/guide.ts";
import {
  database,
  port,
  say,
  sayWhere,
  trustSystem,
  verifyFullPublic,
} from "#lib/providers/shared-statements.ts";

const firewall = sayWhere("net-azure-firewall", "Server → Settings → Networking", "unconfirmed");

export const azurePostgresGuide: ProviderGuide = {
  lead: say("azure-lead", "azure-tls"),
  start: [
    sayWhere("start-paste", "Server → Settings → Connect"),
    sayWhere("start-allow", "Server → Settings → Networking"),
    say("start-system"),
    say("start-verify-full"),
  ],
  settings: [verifyFullPublic, trustSystem, port("5432"), database("postgres")],
  roots: [say("azure-rotation", "azure-tls"), say("azure-enforced", "azure-china-tls")],
  trust: [{ kind: "system-root", roots: ["DigiCertGlobalRootG2", "MicrosoftRSARoot2017"] }],
  psql: {
    host: "shop.postgres.database.azure.com",
    port: "5432",
    database: "postgres",
    user: "shopadmin",
    mode: "verify-full",
    rootCert: "system",
    rootCertOnWindows: "azure-roots.pem",
  },
  signIn: [say("sign-in-password"), say("azure-entra", "unconfirmed")],
  ports: [
    { port: "5432", note: say("port-server", "unconfirmed") },
    { port: "6432", note: say("azure-port-pool", "unconfirmed") },
  ],
  network: [firewall, say("net-azure-private", "unconfirmed")],
  errors: [
    { text: "timeout expired", code: "net-timeout", note: firewall },
    {
      text: 'no pg_hba.conf entry for host "192.0.2.10", user "shopadmin", database "postgres", no encryption',
      code: "auth-tls-required",
      note: say("error-no-tls"),
    },
    {
      text: "unable to get local issuer certificate",
      code: "tls-unknown-ca",
      note: say("azure-rotation", "azure-tls"),
    },
    { text: 'FATAL: password authentication failed for user "shopadmin"', code: "auth-password-wrong" },
  ],
};
