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

const sources = sayWhere("net-allow", "Cluster → Network Access → Trusted sources");

export const digitaloceanGuide: ProviderGuide = {
  lead: say("do-lead", "digitalocean-thread"),
  start: [
    sayWhere("start-paste", "Databases → Cluster → Connection details"),
    sayWhere(
      "start-ca",
      "Databases → Cluster → Connection details → Download CA certificate",
      "digitalocean-thread",
    ),
    say("start-verify-full"),
  ],
  settings: [verifyFullPrivate, trustOwn, port("25060"), database("defaultdb"), user("doadmin")],
  roots: [say("do-ca", "unconfirmed")],
  trust: [{ kind: "ca-file", file: { file: "ca-certificate.crt", keptAs: "digitalocean-ca.crt" } }],
  psql: {
    host: "shop-do-user-1234567-0.b.db.ondigitalocean.com",
    port: "25060",
    database: "defaultdb",
    user: "doadmin",
    mode: "verify-full",
    rootCert: "digitalocean-ca.crt",
  },
  signIn: [say("sign-in-password")],
  ports: [
    { port: "25060", note: say("port-server", "unconfirmed") },
    { port: "25061", note: say("port-transaction", "unconfirmed") },
  ],
  network: [sources],
  errors: [
    {
      text: "self-signed certificate in certificate chain",
      code: "tls-unknown-ca",
      note: say("error-own-root"),
    },
    { text: "timeout expired", code: "net-timeout", note: sources },
    {
      text: 'no pg_hba.conf entry for host "192.0.2.10", user "doadmin", database "defaultdb", no encryption',
      code: "auth-tls-required",
      note: say("error-no-tls"),
    },
  ],
};
