import type { ProviderGuide } from "#lib/providers/guide.ts";
import {
  database,
  port,
  say,
  sayWhere,
  trustOwn,
  user,
  verifyFullPrivate,
} from "#lib/providers/shared-statements.ts";

const allowed = sayWhere("net-allow", "Cluster → Networking → Firewall");

export const crunchyBridgeGuide: ProviderGuide = {
  lead: say("crunchy-lead", "unconfirmed"),
  start: [
    sayWhere("start-paste", "Cluster → Connection"),
    sayWhere("start-ca", "Team → Settings → Certificate authority"),
    say("start-verify-full"),
  ],
  settings: [verifyFullPrivate, trustOwn, port("5432"), database("postgres"), user("application")],
  roots: [say("crunchy-root", "unconfirmed")],
  trust: [{ kind: "ca-file", file: { file: "team-ca.pem", keptAs: "crunchy-bridge-ca.pem" } }],
  psql: {
    host: "p.abcdefghijklmnopqrstuvwxyz.db.postgresbridge.com",
    port: "5432",
    database: "postgres",
    user: "application",
    mode: "verify-full",
    rootCert: "crunchy-bridge-ca.pem",
  },
  signIn: [say("sign-in-password")],
  ports: [
    { port: "5432", note: say("port-server", "unconfirmed") },
    { port: "5431", note: say("port-pgbouncer", "unconfirmed") },
  ],
  network: [allowed],
  errors: [
    {
      text: "self-signed certificate in certificate chain",
      code: "tls-unknown-ca",
      note: say("error-own-root"),
    },
    { text: "timeout expired", code: "net-timeout", note: allowed },
    { text: 'FATAL: password authentication failed for user "application"', code: "auth-password-wrong" },
  ],
};
