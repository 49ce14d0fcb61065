import type { ProviderGuide } from "#lib/providers/guide.ts";
import { port, say, sayWhere, trustOwn } from "#lib/providers/shared-statements.ts";

export const herokuGuide: ProviderGuide = {
  lead: say("heroku-lead", "heroku-gist"),
  start: [
    sayWhere("start-paste", "App → Settings → Config Vars → DATABASE_URL"),
    say("start-pin"),
    say("start-verify-ca"),
  ],
  settings: [
    { field: "mode", value: "verify-ca", why: say("heroku-mode", "heroku-gist") },
    trustOwn,
    port("5432"),
  ],
  roots: [say("heroku-root", "unconfirmed")],
  trust: [{ kind: "self-signed", host: "ec2-192-0-2-10.compute-1.amazonaws.com", port: "5432" }],
  psql: {
    host: "ec2-192-0-2-10.compute-1.amazonaws.com",
    port: "5432",
    database: "d0123456789abc",
    user: "abcdefghijklmn",
    mode: "verify-ca",
    rootCert: "heroku-server.crt",
  },
  signIn: [say("sign-in-password"), say("heroku-rotates", "unconfirmed")],
  ports: [{ port: "5432", note: say("port-server", "unconfirmed") }],
  network: [say("net-public", "unconfirmed")],
  errors: [
    { text: "self-signed certificate", code: "tls-self-signed", note: say("heroku-mode", "heroku-gist") },
    {
      text: 'no pg_hba.conf entry for host "192.0.2.10", user "abcdefghijklmn", database "d0123456789abc", no encryption',
      code: "auth-tls-required",
      note: say("error-no-tls"),
    },
    {
      text: 'FATAL: password authentication failed for user "abcdefghijklmn"',
      code: "auth-password-wrong",
      note: say("heroku-rotates", "unconfirmed"),
    },
  ],
};
