import type { Provider } from "./provider.ts";
import type { ProviderFacts } from "./provider-facts.ts";
import { amazonRoots } from "./public-roots.ts";

/**
 * Amazon Aurora DSQL: TLS cannot be off (D1), Verify Full by default (D2), `admin` and `postgres` (D6), and a token in
 * place of the password (D7). SNI tells its clusters apart; direct negotiation saves a round trip.
 */
export const auroraDsql: Provider = {
  id: "aurora-dsql",
  name: "Amazon Aurora DSQL",
  hosts: /^[a-z0-9]{26}\.dsql(?:-[a-z0-9-]+)?\.[a-z0-9-]+\.on\.aws$/,
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

export const auroraDsqlFacts: ProviderFacts = {
  id: "aurora-dsql",
  roots: amazonRoots,
  errors: [
    { words: /sni was not received/i, code: "auth-sni-required" },
    { words: /unable to accept connection, access denied/i, code: "auth-token-refused" },
    { words: /IAM authentication failed/i, code: "auth-token-refused" },
    { words: /wrong user to action mapping/i, code: "auth-token-refused" },
    {
      words: /setting configuration parameter "?(?<parameter>[^\s"]+)"? not supported/i,
      code: "startup-parameter-refused",
    },
  ],
  sources: [
    {
      about: "settings",
      page: "docs.aws.amazon.com/aurora-dsql/latest/userguide/accessing.html",
      asOf: "2026-11",
    },
    {
      about: "roots",
      page: "docs.aws.amazon.com/aurora-dsql/latest/userguide/configure-root-certificates.html",
      asOf: "2026-11",
    },
    {
      about: "aurora-dsql-sign-in",
      page: "docs.aws.amazon.com/aurora-dsql/latest/userguide/SECTION_authentication-token.html",
      asOf: "2026-11",
    },
    {
      about: "errors",
      page: "docs.aws.amazon.com/aurora-dsql/latest/userguide/troubleshooting.html",
      asOf: "2026-11",
    },
  ],
};
