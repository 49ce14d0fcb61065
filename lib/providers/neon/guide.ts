import type { ProviderGuide } from "#lib/providers/guide.ts";
import {
  port,
  say,
  sayWhere,
  sendSni,
  trustSystem,
  verifyFullPublic,
} from "#lib/providers/shared-statements.ts";

export const neonGuide: ProviderGuide = {
  lead: say("neon-lead", "neon-secure"),
  start: [
    sayWhere("start-paste", "Project → Connect", "neon-secure"),
    say("neon-string", "neon-secure"),
    say("start-system"),
    say("start-verify-full"),
  ],
  settings: [
    verifyFullPublic,
    trustSystem,
    { field: "channelBinding", value: "require", why: say("why-binding", "neon-secure") },
    sendSni,
    port("5432"),
  ],
  roots: [say("neon-root", "neon-secure")],
  trust: [{ kind: "system-root", roots: ["ISRGRootX1"] }],
  psql: {
    host: "ep-cool-darkness-123456.eu-central-1.aws.neon.tech",
    port: "5432",
    database: "neondb",
    user: "neondb_owner",
    mode: "verify-full",
    rootCert: "system",
    rootCertOnWindows: "ISRGRootX1.pem",
    channelBinding: "require",
  },
  signIn: [say("neon-sign-in", "neon-errors")],
  ports: [
    { port: "5432", note: say("port-server") },
    { port: "5432", note: say("neon-pool", "unconfirmed") },
  ],
  network: [say("net-public", "unconfirmed"), say("neon-wakes", "unconfirmed")],
  errors: [
    {
      text: "ERROR: Endpoint ID is not specified",
      code: "auth-sni-required",
      note: say("neon-sign-in", "neon-errors"),
    },
    {
      text: "ERROR: connection is insecure (try using `sslmode=require`)",
      code: "auth-tls-required",
      note: say("error-no-tls"),
    },
    { text: 'FATAL: password authentication failed for user "neondb_owner"', code: "auth-password-wrong" },
    {
      text: "FATAL: unsupported startup parameter: options",
      code: "startup-parameter-refused",
      note: say("pgbouncer-parameter", "pgbouncer-startup"),
    },
  ],
};
