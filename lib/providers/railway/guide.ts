import type { ProviderGuide } from "#lib/providers/guide.ts";
import { database, ownPort, say, sayWhere, trustOwn, user } from "#lib/providers/shared-statements.ts";

export const railwayGuide: ProviderGuide = {
  lead: say("railway-lead", "railway-template"),
  start: [
    sayWhere("start-paste", "Service → Variables → DATABASE_PUBLIC_URL"),
    say("railway-root", "railway-template"),
    say("start-verify-ca"),
  ],
  settings: [
    { field: "mode", value: "verify-ca", why: say("railway-mode", "railway-template") },
    trustOwn,
    ownPort(),
    database("railway"),
    user("postgres"),
  ],
  roots: [say("railway-root", "railway-template")],
  trust: [
    { kind: "ca-file", file: { file: "root.crt", keptAs: "railway-root.crt" } },
    { kind: "self-signed", host: "shop.proxy.rlwy.net", port: "12345" },
  ],
  psql: {
    host: "shop.proxy.rlwy.net",
    port: "12345",
    database: "railway",
    user: "postgres",
    mode: "verify-ca",
    rootCert: "railway-root.crt",
  },
  signIn: [say("sign-in-password")],
  ports: [
    { port: "own", note: say("railway-ports", "unconfirmed") },
    { port: "5432", note: say("railway-private", "unconfirmed") },
  ],
  network: [say("net-public", "unconfirmed")],
  errors: [
    {
      text: 'server certificate for "localhost" does not match host name "shop.proxy.rlwy.net"',
      code: "tls-hostname-mismatch",
      note: say("railway-mode", "railway-template"),
    },
    {
      text: "self-signed certificate in certificate chain",
      code: "tls-unknown-ca",
      note: say("railway-root", "railway-template"),
    },
    { text: "certificate has expired", code: "tls-expired", note: say("railway-root", "railway-template") },
  ],
};
