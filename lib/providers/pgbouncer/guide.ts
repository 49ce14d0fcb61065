import type { ProviderGuide } from "#lib/providers/guide.ts";
import { port, say, trustOwn } from "#lib/providers/shared-statements.ts";

export const pgbouncerGuide: ProviderGuide = {
  lead: say("pgbouncer-lead", "pgbouncer-tls"),
  start: [say("pgbouncer-set", "pgbouncer-tls"), say("start-pin"), say("start-verify-full")],
  settings: [{ field: "mode", value: "verify-full", why: say("why-full-own") }, trustOwn, port("6432")],
  roots: [say("local-root")],
  trust: [{ kind: "self-signed", host: "pooler.example.com", port: "6432" }],
  psql: {
    host: "pooler.example.com",
    port: "6432",
    database: "shop",
    user: "app",
    mode: "verify-full",
    rootCert: "pgbouncer-ca.crt",
  },
  signIn: [say("pgbouncer-sign-in", "pgbouncer-tls")],
  ports: [{ port: "6432", note: say("port-transaction", "unconfirmed") }],
  network: [say("pgbouncer-report")],
  errors: [
    {
      text: "server does not support SSL, but SSL was required",
      code: "tls-not-offered",
      note: say("pgbouncer-set", "pgbouncer-tls"),
    },
    {
      text: "FATAL: unsupported startup parameter: default_transaction_isolation",
      code: "startup-parameter-refused",
      note: say("pgbouncer-parameter", "pgbouncer-startup"),
    },
    {
      text: "FATAL: SASL authentication failed",
      code: "auth-password-wrong",
      note: say("pgbouncer-sign-in", "pgbouncer-tls"),
    },
  ],
};
