import type { ProviderGuide } from "#lib/providers/guide.ts";
import { port, say, sayWhere, sendSni, trustSystem, user } from "#lib/providers/shared-statements.ts";

const host = "abcdefghij0123456789abcdef.dsql.us-east-1.on.aws";

export const auroraDsqlGuide: ProviderGuide = {
  lead: say("dsql-lead", "dsql-access"),
  start: [
    sayWhere("start-host", "Aurora DSQL → Clusters → Endpoint", "dsql-access"),
    say("start-dsql-token"),
    say("start-system"),
    say("start-verify-full"),
  ],
  settings: [
    { field: "mode", value: "verify-full", why: say("dsql-mode", "dsql-roots") },
    trustSystem,
    { field: "negotiation", value: "direct", why: say("why-direct") },
    sendSni,
    port("5432"),
    { field: "database", value: "postgres", why: say("why-database-only", "dsql-access") },
    user("admin"),
    { field: "signIn", value: "aurora-dsql-token", why: say("why-token") },
  ],
  roots: [say("dsql-root", "dsql-roots")],
  trust: [{ kind: "system-root", roots: ["AmazonRootCA1"] }],
  psql: {
    host,
    port: "5432",
    database: "postgres",
    user: "admin",
    mode: "verify-full",
    rootCert: "system",
    rootCertOnWindows: "AmazonRootCA1.pem",
    tokenCommand: `aws dsql generate-db-connect-admin-auth-token --region us-east-1 --expires-in 3600 --hostname ${host}`,
  },
  signIn: [say("dsql-token-kinds", "dsql-tokens"), say("dsql-token-life", "dsql-tokens")],
  ports: [{ port: "5432", note: say("port-server") }],
  network: [say("dsql-net", "unconfirmed")],
  errors: [
    { text: "unable to accept connection, sni was not received", code: "auth-sni-required" },
    { text: "unable to accept connection, access denied", code: "auth-token-refused" },
    { text: 'FATAL: IAM authentication failed for user "admin"', code: "auth-token-refused" },
    {
      text: "SSL error: unregistered scheme",
      code: "psql-unregistered-scheme",
      note: say("dsql-windows", "dsql-roots"),
    },
    { text: "SSL error: certificate verify failed", code: "tls-unknown-ca" },
  ],
};
