import type { ProviderGuide } from "#lib/providers/guide.ts";
import {
  database,
  ownPort,
  say,
  sayWhere,
  trustOwn,
  user,
  verifyFullPrivate,
} from "#lib/providers/shared-statements.ts";

const allowed = sayWhere("net-allow", "Service → Service settings → Allowed IP addresses");

export const aivenGuide: ProviderGuide = {
  lead: say("aiven-lead", "aiven-ca"),
  start: [
    sayWhere("start-paste", "Service → Overview → Connection information", "aiven-ca"),
    sayWhere("start-ca", "Service → Overview → Connection information → CA certificate", "aiven-ca"),
    say("start-verify-full"),
  ],
  settings: [verifyFullPrivate, trustOwn, ownPort(), database("defaultdb"), user("avnadmin")],
  roots: [say("aiven-root", "aiven-ca")],
  trust: [{ kind: "ca-file", file: { file: "ca.pem", keptAs: "aiven-ca.pem" } }],
  psql: {
    host: "shop-example.aivencloud.com",
    port: "12345",
    database: "defaultdb",
    user: "avnadmin",
    mode: "verify-full",
    rootCert: "aiven-ca.pem",
  },
  signIn: [say("sign-in-password")],
  ports: [
    { port: "own", note: say("port-own", "unconfirmed") },
    { port: "own", note: say("port-pool-own", "unconfirmed") },
  ],
  network: [allowed],
  errors: [
    {
      text: "self-signed certificate in certificate chain",
      code: "tls-unknown-ca",
      note: say("error-own-root"),
    },
    {
      text: 'no pg_hba.conf entry for host "192.0.2.10", user "avnadmin", database "defaultdb", no encryption',
      code: "auth-tls-required",
      note: say("error-no-tls"),
    },
    { text: "timeout expired", code: "net-timeout", note: allowed },
  ],
};
