import type { Provider } from "#lib/providers/provider.ts";

/**
 * Amazon Aurora DSQL: TLS cannot be off (D1), Verify Full by default (D2), `admin` and `postgres` (D6), and a token in
 * place of the password (D7). SNI tells its clusters apart; direct negotiation saves a round trip.
 */
export const auroraDsql: Provider = {
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
};
