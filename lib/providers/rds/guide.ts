import type { ProviderGuide } from "#lib/providers/guide.ts";
import {
  database,
  port,
  say,
  sayDisputed,
  sayWhere,
  user,
  verifyFullPrivate,
} from "#lib/providers/shared-statements.ts";

export const rdsGuide: ProviderGuide = {
  lead: say("rds-lead", "rds-bundles"),
  start: [
    sayWhere("start-host", "RDS → Databases → Connectivity & security → Endpoint"),
    say("rds-quick", "rds-ssl"),
    say("start-provider-roots"),
    say("start-verify-full"),
  ],
  settings: [
    verifyFullPrivate,
    { field: "trust", value: "provider", why: say("why-trust-provider") },
    port("5432"),
    database("postgres"),
    user("postgres"),
  ],
  roots: [
    say("rds-bundle", "rds-bundles"),
    say("rds-alias", "rds-ssl"),
    sayDisputed("rds-force", "aurora-rotation"),
  ],
  trust: [
    {
      kind: "ca-file",
      file: {
        file: "global-bundle.pem",
        address: "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem",
        keptAs: "rds-global-bundle.pem",
      },
    },
  ],
  psql: {
    host: "shop.abcdefghijkl.eu-west-1.rds.amazonaws.com",
    port: "5432",
    database: "postgres",
    user: "postgres",
    mode: "verify-full",
    rootCert: "rds-global-bundle.pem",
  },
  signIn: [say("sign-in-password"), say("rds-iam", "rds-iam")],
  ports: [{ port: "5432", note: say("port-server") }],
  network: [say("net-aws", "unconfirmed")],
  errors: [
    {
      text: 'no pg_hba.conf entry for host "192.0.2.10", user "postgres", database "postgres", no encryption',
      code: "auth-tls-required",
      note: say("error-no-tls"),
    },
    {
      text: "self-signed certificate in certificate chain",
      code: "tls-unknown-ca",
      note: say("error-own-root"),
    },
    {
      text: 'server certificate for "shop.abcdefghijkl.eu-west-1.rds.amazonaws.com" does not match host name "db.example.com"',
      code: "tls-hostname-mismatch",
      note: say("rds-alias", "rds-ssl"),
    },
    {
      text: 'PAM authentication failed for user "app"',
      code: "auth-token-refused",
      note: say("rds-pam", "unconfirmed"),
    },
    { text: "timeout expired", code: "net-timeout", note: say("net-aws", "unconfirmed") },
  ],
};
