import "server-only";
import type { DemoFault } from "#lib/demo-notes.ts";
import { type DemoServers, demoUser } from "#lib/samples/demo-servers.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

/** What the connection to each server is called. */
export const demoNames: Readonly<Record<DemoFault, string>> = {
  none: "Verified",
  "self-signed": "Self-signed",
  expired: "Expired",
  "wrong-name": "Wrong host name",
  "client-certificate": "Client certificate",
};

/** The demo's saved connections, as somebody would have filled in the form. */
export function demoConnections(servers: DemoServers): readonly FormValues[] {
  const ca = servers.ca.pem;
  const to = (name: string, { port }: { port: number }, more: Partial<FormValues>): FormValues => ({
    ...newFormValues,
    name,
    host: "localhost",
    port: String(port),
    ...demoUser,
    environment: "development",
    ...more,
  });
  return [
    to(demoNames.none, servers.verified, { trust: "own", ca }),
    to(demoNames["self-signed"], servers.selfSigned, { trust: "mozilla" }),
    to(demoNames.expired, servers.expired, { trust: "own", ca }),
    to(demoNames["wrong-name"], servers.wrongName, { trust: "own", ca }),
    to(demoNames["client-certificate"], servers.clientCertificate, { trust: "own", ca, password: "" }),
    to("Client certificate, given", servers.clientCertificate, {
      trust: "own",
      ca,
      password: "",
      signIn: "certificate",
      clientCertificate: servers.client.certificatePem,
      clientKey: servers.client.keyPem,
      keyPassphrase: servers.client.passphrase,
    }),
  ];
}
