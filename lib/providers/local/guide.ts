import type { ProviderGuide } from "#lib/providers/guide.ts";
import { port, say, trustOwn } from "#lib/providers/shared-statements.ts";

export const localGuide: ProviderGuide = {
  lead: say("local-lead"),
  start: [say("start-pin"), say("start-verify-full"), say("local-off")],
  settings: [{ field: "mode", value: "verify-full", why: say("why-full-own") }, trustOwn, port("5432")],
  roots: [say("local-root")],
  trust: [{ kind: "self-signed", host: "localhost", port: "5432" }],
  psql: {
    host: "localhost",
    port: "5432",
    database: "postgres",
    user: "postgres",
    mode: "verify-full",
    rootCert: "localhost.crt",
  },
  signIn: [say("sign-in-password")],
  ports: [{ port: "5432", note: say("port-server") }],
  network: [say("local-net")],
  errors: [
    { text: "self-signed certificate", code: "tls-self-signed", note: say("local-root") },
    {
      text: "server does not support SSL, but SSL was required",
      code: "tls-not-offered",
      note: say("local-off"),
    },
    { text: "Connection refused", code: "net-refused", note: say("local-net") },
  ],
};
