import type { ProviderData } from "#lib/providers/provider.ts";

/**
 * Amazon Aurora DSQL: TLS cannot be off (D1), Verify Full by default (D2), `admin` and `postgres` (D6), and a token in
 * place of the password (D7). SNI tells its clusters apart; direct negotiation saves a round trip.
 */
export const auroraDsql = {
  id: "aurora-dsql",
  name: "Amazon Aurora DSQL",
  // By its domain: the ids of clusters are no promise, and the provider's own sample has 23 signs.
  hosts: /^[a-z0-9][a-z0-9-]{0,62}\.dsql(?:-[a-z0-9-]+)?\.[a-z0-9-]+\.on\.aws$/,
  defaults: {
    port: "5432",
    database: "postgres",
    user: "admin",
    ssl: true,
    mode: "verify-full",
    trust: "system",
    negotiation: "direct",
    sni: true,
    signIn: "aurora-dsql-token",
  },
  tlsRequired: true,
  rootsSource: "mozilla",
  noteIds: ["aurora-dsql-tls", "aurora-dsql-root", "aurora-dsql-sign-in", "aurora-dsql-client"],
  /*
   * It answers without SNI "unable to accept connection, sni was not received", and to parameters it does not know
   * "setting configuration parameter … not supported"; direct TLS spares it a round trip (2025, AWS's samples). It ends
   * every session after an hour, whenever its token was made; AWS's own connectors leave theirs after 3,300 seconds.
   */
  session: {
    needsSni: true,
    takesOptions: false,
    offers: { negotiation: "direct" },
    lifeMs: 3_300_000,
    oldestPsql: 17,
  },
} as const satisfies ProviderData;
