import type { ProviderGuide } from "#lib/providers/guide.ts";
import {
  database,
  ownPort,
  say,
  sayWhere,
  trustSystem,
  user,
  verifyFullPublic,
} from "#lib/providers/shared-statements.ts";

export const timescaleGuide: ProviderGuide = {
  lead: say("tiger-lead", "tiger-ssl"),
  start: [
    sayWhere("start-paste", "Service → Connect → Connection details"),
    say("tiger-young", "tiger-ssl"),
    say("start-system"),
    say("start-verify-full"),
  ],
  settings: [verifyFullPublic, trustSystem, ownPort(), database("tsdb"), user("tsdbadmin")],
  roots: [say("tiger-young", "tiger-ssl"), say("tiger-plain", "tiger-ssl")],
  trust: [{ kind: "system-root", roots: ["ISRGRootX1"] }],
  psql: {
    host: "abcdefghij.klmnopqrst.tsdb.cloud.timescale.com",
    port: "33333",
    database: "tsdb",
    user: "tsdbadmin",
    mode: "verify-full",
    rootCert: "system",
    rootCertOnWindows: "ISRGRootX1.pem",
  },
  signIn: [say("sign-in-password")],
  ports: [
    { port: "own", note: say("port-own", "unconfirmed") },
    { port: "own", note: say("port-pool-own", "unconfirmed") },
  ],
  network: [say("net-public", "unconfirmed")],
  errors: [
    { text: "self-signed certificate", code: "tls-self-signed", note: say("tiger-young", "tiger-ssl") },
    { text: 'FATAL: password authentication failed for user "tsdbadmin"', code: "auth-password-wrong" },
    { text: "timeout expired", code: "net-timeout" },
  ],
};
