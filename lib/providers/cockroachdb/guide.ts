import type { ProviderGuide } from "#lib/providers/guide.ts";
import {
  database,
  port,
  say,
  sayDisputed,
  sayWhere,
  sendSni,
  trustSystem,
  verifyFullPublic,
} from "#lib/providers/shared-statements.ts";

export const cockroachdbGuide: ProviderGuide = {
  lead: say("cockroach-lead", "cockroach-basic"),
  start: [
    sayWhere("start-paste", "Cluster → Connect → General connection string", "cockroach-basic"),
    sayWhere("start-allow", "Cluster → Networking → IP Allowlist", "cockroach-basic"),
    say("start-system"),
    say("start-verify-full"),
  ],
  settings: [verifyFullPublic, trustSystem, sendSni, port("26257"), database("defaultdb")],
  roots: [sayDisputed("cockroach-root", "unconfirmed")],
  trust: [
    { kind: "system-root", roots: ["ISRGRootX1"] },
    { kind: "ca-file", file: { file: "root.crt", keptAs: "cockroachdb-ca.crt" } },
  ],
  psql: {
    host: "shop-1234.abc.gcp-europe-west1.cockroachlabs.cloud",
    port: "26257",
    database: "defaultdb",
    user: "shop",
    mode: "verify-full",
    rootCert: "system",
    rootCertOnWindows: "ISRGRootX1.pem",
  },
  signIn: [say("cockroach-sign-in", "unconfirmed")],
  ports: [{ port: "26257", note: say("port-server", "cockroach-basic") }],
  network: [say("cockroach-net", "cockroach-basic")],
  errors: [
    { text: "codeParamsRoutingFailed: missing cluster identifier", code: "auth-sni-required" },
    {
      text: "SSL error: certificate verify failed",
      code: "tls-unknown-ca",
      note: sayDisputed("cockroach-root", "unconfirmed"),
    },
    {
      text: "node is running secure mode, SSL connection required",
      code: "auth-tls-required",
      note: say("error-no-tls"),
    },
    { text: "timeout expired", code: "net-timeout", note: say("cockroach-net", "cockroach-basic") },
  ],
};
