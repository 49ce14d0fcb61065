import type { ProviderGuide } from "#lib/providers/guide.ts";
import {
  database,
  port,
  say,
  sayDisputed,
  sayWhere,
  trustOwn,
  verifyFullPrivate,
} from "#lib/providers/shared-statements.ts";

export const supabasePoolerGuide: ProviderGuide = {
  lead: say("supabase-pooler-lead", "supabase-connect"),
  start: [
    sayWhere("start-paste", "Project → Connect → Session pooler", "supabase-psql"),
    sayWhere("start-ca", "Project → Database → Settings → SSL Configuration", "supabase-ssl"),
    say("start-verify-full"),
  ],
  settings: [
    verifyFullPrivate,
    trustOwn,
    port("5432"),
    database("postgres"),
    { field: "user", value: "postgres.abcdefghijklmnopqrst", why: say("why-user-pooler", "supabase-psql") },
  ],
  roots: [sayDisputed("supabase-own-root", "supabase-psql"), say("supabase-enforce", "supabase-ssl")],
  trust: [{ kind: "ca-file", file: { file: "prod-ca-2021.crt", keptAs: "supabase-ca.crt" } }],
  psql: {
    host: "aws-0-eu-central-1.pooler.supabase.com",
    port: "5432",
    database: "postgres",
    user: "postgres.abcdefghijklmnopqrst",
    mode: "verify-full",
    rootCert: "supabase-ca.crt",
  },
  signIn: [say("supabase-sign-in", "supabase-connect")],
  ports: [
    { port: "5432", note: say("port-session", "supabase-connect") },
    { port: "6543", note: say("port-transaction", "supabase-connect") },
  ],
  network: [say("net-public", "unconfirmed")],
  errors: [
    {
      text: "FATAL: Tenant or user not found",
      code: "auth-pooler-tenant-unknown",
      note: say("supabase-sign-in", "supabase-connect"),
    },
    {
      text: "self-signed certificate in certificate chain",
      code: "tls-unknown-ca",
      note: say("error-own-root"),
    },
    { text: "FATAL: SSL connection is required", code: "auth-tls-required", note: say("error-no-tls") },
    { text: "FATAL: MaxClientsInSessionMode: max clients reached", code: "server-too-many-connections" },
  ],
};
