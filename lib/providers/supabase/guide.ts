import type { ProviderGuide } from "#lib/providers/guide.ts";
import {
  database,
  port,
  say,
  sayDisputed,
  sayWhere,
  trustOwn,
  user,
  verifyFullPrivate,
} from "#lib/providers/shared-statements.ts";

export const supabaseGuide: ProviderGuide = {
  lead: say("supabase-lead", "supabase-psql"),
  start: [
    sayWhere("start-paste", "Project → Connect → Direct connection", "supabase-psql"),
    sayWhere("start-ca", "Project → Database → Settings → SSL Configuration", "supabase-ssl"),
    say("start-verify-full"),
  ],
  settings: [verifyFullPrivate, trustOwn, port("5432"), database("postgres"), user("postgres")],
  roots: [sayDisputed("supabase-own-root", "supabase-psql"), say("supabase-enforce", "supabase-ssl")],
  trust: [{ kind: "ca-file", file: { file: "prod-ca-2021.crt", keptAs: "supabase-ca.crt" } }],
  psql: {
    host: "db.abcdefghijklmnopqrst.supabase.co",
    port: "5432",
    database: "postgres",
    user: "postgres",
    mode: "verify-full",
    rootCert: "supabase-ca.crt",
  },
  signIn: [say("supabase-sign-in", "supabase-connect")],
  ports: [
    { port: "5432", note: say("supabase-direct", "supabase-connect") },
    { port: "6543", note: say("port-transaction", "supabase-connect") },
  ],
  network: [say("supabase-net", "supabase-connect")],
  errors: [
    {
      text: "self-signed certificate in certificate chain",
      code: "tls-unknown-ca",
      note: say("error-own-root"),
    },
    { text: "FATAL: SSL connection is required", code: "auth-tls-required", note: say("error-no-tls") },
    {
      text: "Network is unreachable",
      code: "net-unreachable",
      note: say("supabase-net", "supabase-connect"),
    },
    { text: 'FATAL: password authentication failed for user "postgres"', code: "auth-password-wrong" },
  ],
};
