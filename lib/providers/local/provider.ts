import type { ProviderData } from "#lib/providers/provider.ts";

/** A server on this machine or beside this container. */
export const local = {
  id: "local",
  name: "localhost",
  hosts: /^(?:localhost|[a-z0-9.-]+\.localhost|127(?:\.\d{1,3}){3}|::1|\[::1\]|host\.docker\.internal)$/,
  defaults: { port: "5432" },
  tlsRequired: false,
  rootsSource: "none",
  noteIds: ["local-self-signed", "local-tls-off", "local-container"],
} as const satisfies ProviderData;
