import type { ProviderFacts } from "#lib/providers/provider-facts.ts";

export const pgbouncerFacts: ProviderFacts = {
  roots: [],
  errors: [
    { words: /^SSL required$/i, code: "auth-tls-required" },
    {
      words: /unsupported startup parameter(?: in options)?: (?<parameter>[^\s,]+)/i,
      code: "startup-parameter-refused",
    },
    { words: /^SASL authentication failed$/i, code: "auth-password-wrong" },
    { words: /^(?:no such user|login rejected|not allowed)/i, code: "auth-role-unknown" },
    { words: /^no such database/i, code: "database-unknown" },
    {
      words: /no more connections allowed|query_wait_timeout|client_login_timeout/i,
      code: "server-too-many-connections",
    },
    { words: /wrong password type/i, code: "pooler-password-type" },
    {
      words:
        /server login (?:has been failing|failed)|server_login_retry|cannot connect to server|server conn crashed/i,
      code: "pooler-server-unreachable",
    },
    {
      words:
        /^database .* (?:is disabled|does not allow connections)|pgbouncer is (?:paused|shutting down)|^database removed/i,
      code: "database-not-accepting",
    },
  ],
  sources: [
    { about: "errors", page: "www.pgbouncer.org/config.html", asOf: "2026-11" },
    { about: "pgbouncer-tls", page: "www.pgbouncer.org/changelog.html", asOf: "2026-11" },
  ],
};
