import type { ProviderData } from "#lib/providers/provider.ts";

/** Neon: publicly trusted certificates (Let's Encrypt); the server finds the database by the SNI name. */
export const neon = {
  id: "neon",
  name: "Neon",
  hosts: /^ep-[a-z0-9-]+\.(?:[a-z0-9-]+\.)*neon\.(?:tech|build)$/,
  defaults: { port: "5432", ssl: true, mode: "verify-full", channelBinding: "require", sni: true },
  tlsRequired: false,
  rootsSource: "mozilla",
  noteIds: ["neon-tls", "neon-channel-binding", "neon-pooler"],
} as const satisfies ProviderData;
