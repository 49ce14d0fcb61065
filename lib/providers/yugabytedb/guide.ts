import type { ProviderGuide } from "#lib/providers/guide.ts";
import {
  database,
  port,
  say,
  sayWhere,
  trustOwn,
  user,
  verifyFullPrivate,
} from "#lib/providers/shared-statements.ts";

const allowed = sayWhere(
  "net-allow",
  "Cluster → Settings → Network Access → IP Allow List",
  "yugabyte-clients",
);

export const yugabytedbGuide: ProviderGuide = {
  lead: say("yugabyte-lead", "yugabyte-tls"),
  start: [
    sayWhere("start-host", "Cluster → Settings → Host", "yugabyte-clients"),
    sayWhere("start-ca", "Cluster → Connect → YugabyteDB Client Shell → Download CA Cert", "yugabyte-tls"),
    sayWhere("start-allow", "Cluster → Settings → Network Access → IP Allow List", "yugabyte-clients"),
    say("start-verify-full"),
  ],
  settings: [verifyFullPrivate, trustOwn, port("5433"), database("yugabyte"), user("admin")],
  roots: [say("yugabyte-root", "yugabyte-tls"), say("yugabyte-version", "yugabyte-tls")],
  trust: [{ kind: "ca-file", file: { file: "root.crt", keptAs: "yugabytedb-ca.crt" } }],
  psql: {
    host: "01234567-89ab-cdef-0123-456789abcdef.aws.yugabyte.cloud",
    port: "5433",
    database: "yugabyte",
    user: "admin",
    mode: "verify-full",
    rootCert: "yugabytedb-ca.crt",
  },
  signIn: [say("yugabyte-sign-in", "yugabyte-clients")],
  ports: [{ port: "5433", note: say("port-server", "yugabyte-clients") }],
  network: [allowed],
  errors: [
    {
      text: "self-signed certificate in certificate chain",
      code: "tls-unknown-ca",
      note: say("error-own-root"),
    },
    { text: "timeout expired", code: "net-timeout", note: allowed },
    {
      text: "tlsv1 alert protocol version",
      code: "tls-version-refused",
      note: say("yugabyte-version", "yugabyte-tls"),
    },
  ],
};
