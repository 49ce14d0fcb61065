import "server-only";
import { type DemoServers, demoUser } from "#lib/samples/demo-servers.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

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
    to("Verified", servers.verified, { trust: "own", ca }),
    to("Self-signed", servers.selfSigned, { trust: "mozilla" }),
    to("Expired", servers.expired, { trust: "own", ca }),
    to("Wrong host name", servers.wrongName, { trust: "own", ca }),
    to("Client certificate", servers.clientCertificate, { trust: "own", ca, password: "" }),
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
