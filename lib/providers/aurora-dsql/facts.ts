import type { ProviderFacts } from "#lib/providers/provider-facts.ts";
import { amazonRoots } from "#lib/providers/public-roots.ts";

export const auroraDsqlFacts: ProviderFacts = {
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
