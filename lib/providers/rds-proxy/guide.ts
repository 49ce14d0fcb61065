import type { ProviderGuide } from "#lib/providers/guide.ts";
import {
  database,
  port,
  say,
  sayWhere,
  trustSystem,
  user,
  verifyFullPublic,
} from "#lib/providers/shared-statements.ts";

export const rdsProxyGuide: ProviderGuide = {
  lead: say("proxy-lead", "unconfirmed"),
  start: [
    sayWhere("start-host", "RDS → Proxies → Proxy endpoints"),
    say("start-system"),
    say("start-verify-full"),
  ],
  settings: [verifyFullPublic, trustSystem, port("5432"), database("postgres"), user("postgres")],
  roots: [say("proxy-root", "unconfirmed")],
  trust: [{ kind: "system-root", roots: ["AmazonRootCA1"] }],
  psql: {
    host: "shop.proxy-abcdefghijkl.eu-west-1.rds.amazonaws.com",
    port: "5432",
    database: "postgres",
    user: "postgres",
    mode: "verify-full",
    rootCert: "system",
    rootCertOnWindows: "AmazonRootCA1.pem",
  },
  signIn: [say("sign-in-password"), say("rds-iam", "rds-iam")],
  ports: [{ port: "5432", note: say("proxy-port", "unconfirmed") }],
  network: [say("proxy-net", "unconfirmed")],
  errors: [
    { text: "timeout expired", code: "net-timeout", note: say("proxy-net", "unconfirmed") },
    {
      text: "SSL error: certificate verify failed",
      code: "tls-unknown-ca",
      note: say("proxy-root", "unconfirmed"),
    },
    { text: 'FATAL: IAM authentication failed for user "app"', code: "auth-token-refused" },
  ],
};
