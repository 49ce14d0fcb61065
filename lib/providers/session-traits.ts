import type { FormChange } from "#lib/settings/form-values.ts";
import { recogniseProvider } from "./recognise-provider.ts";

/** What a service asks of every session, beyond what a connection to it starts from. */
export interface SessionTraits {
  /** Without the host name in the handshake it does not know which server is meant. */
  readonly needsSni: boolean;
  /** Whether it takes the startup parameter `options`. */
  readonly takesOptions: boolean;
  /** Worth choosing, but not chosen for the person. */
  readonly offers: FormChange;
}

/** The ways of the service that a host belongs to; those of PostgreSQL itself where none is known. */
export function sessionTraits(host: string): SessionTraits {
  const provider = recogniseProvider(host);
  return ways[provider?.id ?? ""] ?? usual;
}

const usual: SessionTraits = { needsSni: false, takesOptions: true, offers: {} };

/**
 * By the provider's id. Aurora DSQL answers without SNI "unable to accept connection, sni was not received", and to
 * parameters it does not know "setting configuration parameter … not supported"; direct TLS spares it a round trip
 * (2025, AWS's samples).
 */
const ways: Readonly<Record<string, SessionTraits>> = {
  "aurora-dsql": { needsSni: true, takesOptions: false, offers: { negotiation: "direct" } },
};
