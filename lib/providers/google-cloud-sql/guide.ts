import type { ProviderGuide } from "#lib/providers/guide.ts";
import {
  database,
  port,
  say,
  sayDisputed,
  sayWhere,
  trustOwn,
  user,
} from "#lib/providers/shared-statements.ts";

export const googleCloudSqlGuide: ProviderGuide = {
  lead: say("cloudsql-lead", "cloud-sql-ssl"),
  start: [
    sayWhere("start-host", "Cloud SQL → Instance → Connections → Networking"),
    sayWhere("start-ca", "Cloud SQL → Instance → Connections → Security", "cloud-sql-ssl"),
    say("start-verify-full"),
    say("start-verify-ca"),
  ],
  settings: [
    { field: "mode", value: "verify-full", why: say("cloudsql-mode", "cloud-sql-ssl") },
    trustOwn,
    port("5432"),
    database("postgres"),
    user("postgres"),
  ],
  roots: [
    say("cloudsql-ca", "cloud-sql-ssl"),
    say("alloydb-ca", "alloydb-ssl-mode"),
    say("cloudsql-plain", "cloud-sql-ssl"),
    sayDisputed("alloydb-mode", "alloydb-ssl-mode"),
  ],
  trust: [{ kind: "ca-file", file: { file: "server-ca.pem", keptAs: "cloud-sql-server-ca.pem" } }],
  psql: {
    host: "0123456789ab.1abcdefghijkl.europe-west1.sql.goog",
    port: "5432",
    database: "postgres",
    user: "postgres",
    mode: "verify-full",
    rootCert: "cloud-sql-server-ca.pem",
  },
  signIn: [
    say("sign-in-password"),
    say("cloudsql-client", "cloud-sql-ssl"),
    say("alloydb-sign-in", "unconfirmed"),
  ],
  ports: [{ port: "5432", note: say("port-server") }],
  network: [
    sayWhere("net-allow", "Connections → Networking → Authorized networks"),
    say("google-private", "unconfirmed"),
  ],
  errors: [
    {
      text: "self-signed certificate in certificate chain",
      code: "tls-unknown-ca",
      note: say("error-own-root"),
    },
    {
      text: 'server certificate for "project:instance" does not match host name "192.0.2.10"',
      code: "tls-hostname-mismatch",
      note: say("cloudsql-mode", "cloud-sql-ssl"),
    },
    {
      text: "FATAL: connection requires a valid client certificate",
      code: "auth-client-certificate-missing",
      note: say("cloudsql-client", "cloud-sql-ssl"),
    },
    {
      text: "timeout expired",
      code: "net-timeout",
      note: sayWhere("net-allow", "Connections → Networking → Authorized networks"),
    },
  ],
};
