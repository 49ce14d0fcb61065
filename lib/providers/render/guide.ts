import type { ProviderGuide } from "#lib/providers/guide.ts";
import { port, say, sayDisputed, sayWhere, sendSni, trustSystem } from "#lib/providers/shared-statements.ts";

export const renderGuide: ProviderGuide = {
  lead: say("render-lead", "unconfirmed"),
  start: [
    sayWhere("start-paste", "Database → Info → External Database URL"),
    sayWhere("start-allow", "Database → Networking → Access control"),
    say("start-system"),
    say("start-verify-full"),
  ],
  settings: [
    { field: "mode", value: "verify-full", why: sayDisputed("render-mode", "unconfirmed") },
    trustSystem,
    sendSni,
    port("5432"),
  ],
  roots: [sayDisputed("render-mode", "unconfirmed")],
  trust: [{ kind: "system-root", roots: ["ISRGRootX1"] }],
  psql: {
    host: "dpg-abcdefghijklmnopqrst-a.frankfurt-postgres.render.com",
    port: "5432",
    database: "shop",
    user: "shop_user",
    mode: "verify-full",
    rootCert: "system",
    rootCertOnWindows: "ISRGRootX1.pem",
  },
  signIn: [say("sign-in-password")],
  ports: [{ port: "5432", note: say("port-server", "unconfirmed") }],
  network: [
    sayWhere("net-allow", "Database → Networking → Access control"),
    say("render-names", "unconfirmed"),
  ],
  errors: [
    {
      text: 'could not translate host name "dpg-abcdefghijklmnopqrst-a" to address: Name or service not known',
      code: "net-name-unknown",
      note: say("render-names", "unconfirmed"),
    },
    { text: "SSL connection has been closed unexpectedly", code: "tls-closed" },
    { text: "FATAL: SSL/TLS required", code: "auth-tls-required", note: say("error-no-tls") },
  ],
};
