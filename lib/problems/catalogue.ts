/** The steps of one connection, in the order they are climbed. */
export const rungs = [
  "name",
  "address",
  "tls-request",
  "handshake",
  "chain",
  "host-name",
  "sign-in",
  "session",
] as const;

export type RungName = (typeof rungs)[number];

/** Where a problem shows: a rung of the connection, what was given (`input`), or the console itself. */
export type Rung = RungName | "input" | "console";

interface Entry {
  readonly rung: Rung;
  /** Whether the same attempt may well succeed a little later. */
  readonly retry: boolean;
  /** Ids of the usual mends, the least weakening first; `diagnose` gives those that fit what it saw. */
  readonly fixes: readonly string[];
}

/** Everything that can go wrong, as data. Codes are permanent: more may be added, none is renamed. */
export const catalogue = {
  // input
  "string-malformed": { rung: "input", retry: false, fixes: [] },
  "string-unknown-form": { rung: "input", retry: false, fixes: [] },
  "string-sslmode-unknown": { rung: "input", retry: false, fixes: ["use-verify-full", "use-require"] },
  "string-parameter-unsupported": { rung: "input", retry: false, fixes: [] },
  "string-placeholder-password": { rung: "input", retry: false, fixes: ["give-password"] },
  "pem-not-a-certificate": { rung: "input", retry: false, fixes: [] },
  "pem-truncated": { rung: "input", retry: false, fixes: [] },
  "pem-wrong-box": { rung: "input", retry: false, fixes: [] },
  "key-unreadable": { rung: "input", retry: false, fixes: [] },
  "key-format-unsupported": { rung: "input", retry: false, fixes: [] },
  "key-cipher-unsupported": { rung: "input", retry: false, fixes: [] },
  "key-passphrase-missing": { rung: "input", retry: false, fixes: ["give-passphrase"] },
  "key-passphrase-wrong": { rung: "input", retry: false, fixes: ["give-passphrase"] },
  "key-not-for-certificate": { rung: "input", retry: false, fixes: ["give-client-certificate"] },
  "key-without-certificate": {
    rung: "input",
    retry: false,
    fixes: ["give-client-certificate", "remove-client-certificate"],
  },
  "certificate-without-key": {
    rung: "input",
    retry: false,
    fixes: ["give-client-key", "remove-client-certificate"],
  },
  "client-certificate-expired": { rung: "input", retry: false, fixes: ["renew-certificate", "check-clock"] },
  "crl-unreadable": { rung: "input", retry: false, fixes: [] },
  "pkcs12-password-wrong": { rung: "input", retry: false, fixes: [] },
  "pkcs12-unsupported": { rung: "input", retry: false, fixes: [] },
  "trust-no-ca": {
    rung: "input",
    retry: false,
    fixes: ["give-ca", "trust-system", "trust-mozilla", "trust-provider"],
  },
  "trust-no-root-in-file": { rung: "input", retry: false, fixes: ["give-root"] },
  "trust-system-store-missing": { rung: "input", retry: false, fixes: ["trust-mozilla", "give-ca"] },
  "trust-weak-mode": { rung: "input", retry: false, fixes: ["use-verify-full", "give-ca"] },
  "tls-range-empty": { rung: "input", retry: false, fixes: ["raise-max-tls", "lower-min-tls"] },
  "setting-invalid": { rung: "input", retry: false, fixes: [] },
  // name
  "net-name-unknown": { rung: "name", retry: false, fixes: ["check-host"] },
  "net-name-temporary": { rung: "name", retry: true, fixes: ["retry-later", "check-host"] },
  // address
  "net-refused": { rung: "address", retry: false, fixes: ["check-port", "check-host"] },
  "net-timeout": { rung: "address", retry: true, fixes: ["check-firewall", "check-host", "check-port"] },
  "net-unreachable": { rung: "address", retry: false, fixes: ["check-host", "check-firewall"] },
  "net-reset": { rung: "address", retry: true, fixes: ["retry-later", "check-port"] },
  "net-address-denied": { rung: "address", retry: false, fixes: ["check-host"] },
  // tls-request
  "tls-not-offered": { rung: "tls-request", retry: false, fixes: ["check-port", "turn-ssl-off"] },
  "net-not-postgres": { rung: "tls-request", retry: false, fixes: ["check-port", "check-host"] },
  "net-closed": {
    rung: "tls-request",
    retry: true,
    fixes: ["retry-later", "use-postgres-negotiation", "check-port"],
  },
  "server-full": { rung: "tls-request", retry: true, fixes: ["retry-later"] },
  // handshake
  "tls-version-refused": { rung: "handshake", retry: false, fixes: ["raise-max-tls", "lower-min-tls"] },
  "tls-cipher-refused": { rung: "handshake", retry: false, fixes: ["give-client-certificate"] },
  "tls-direct-refused": { rung: "handshake", retry: false, fixes: ["use-postgres-negotiation"] },
  "tls-alpn-refused": { rung: "handshake", retry: false, fixes: ["use-postgres-negotiation"] },
  "tls-closed": {
    rung: "handshake",
    retry: false,
    fixes: ["use-postgres-negotiation", "check-host", "check-port"],
  },
  "client-certificate-required": { rung: "handshake", retry: false, fixes: ["give-client-certificate"] },
  "client-certificate-refused": {
    rung: "handshake",
    retry: false,
    fixes: ["give-client-certificate", "renew-certificate"],
  },
  "client-certificate-unknown-ca": {
    rung: "handshake",
    retry: false,
    fixes: ["give-client-certificate", "remove-client-certificate"],
  },
  "client-certificate-revoked": { rung: "handshake", retry: false, fixes: ["give-client-certificate"] },
  "client-certificate-wrong-purpose": { rung: "handshake", retry: false, fixes: ["give-client-certificate"] },
  // chain
  "tls-unknown-ca": {
    rung: "chain",
    retry: false,
    fixes: ["check-ca", "give-ca", "trust-provider", "trust-system", "trust-mozilla"],
  },
  "tls-self-signed": {
    rung: "chain",
    retry: false,
    fixes: ["pin-certificate", "give-ca", "allow-self-signed"],
  },
  // Never met here: psql on Windows says it of `sslrootcert=system` (D9), and people look it up.
  "psql-unregistered-scheme": { rung: "chain", retry: false, fixes: ["give-ca"] },
  "tls-intermediate-missing": { rung: "chain", retry: false, fixes: ["add-intermediate"] },
  "tls-anchor-is-intermediate": { rung: "chain", retry: false, fixes: ["give-root"] },
  "tls-expired": { rung: "chain", retry: false, fixes: ["renew-certificate", "check-clock"] },
  "tls-not-yet-valid": { rung: "chain", retry: false, fixes: ["check-clock"] },
  "tls-revoked": { rung: "chain", retry: false, fixes: ["replace-server-certificate"] },
  "tls-crl-missing": { rung: "chain", retry: false, fixes: ["add-crls", "drop-crls"] },
  "tls-wrong-purpose": { rung: "chain", retry: false, fixes: ["replace-server-certificate"] },
  "tls-weak-key": { rung: "chain", retry: false, fixes: ["replace-server-certificate"] },
  "tls-weak-signature": { rung: "chain", retry: false, fixes: ["replace-server-certificate"] },
  "tls-pin-changed": { rung: "chain", retry: false, fixes: ["check-ca"] },
  // host-name
  "tls-hostname-mismatch": { rung: "host-name", retry: false, fixes: ["check-host", "use-verify-ca"] },
  // sign-in
  "auth-tls-required": {
    rung: "sign-in",
    retry: false,
    fixes: ["turn-ssl-on", "use-verify-full", "use-require"],
  },
  "auth-tls-not-allowed": { rung: "sign-in", retry: false, fixes: [] },
  "auth-rule-missing": { rung: "sign-in", retry: false, fixes: ["check-user", "check-database"] },
  "auth-rule-reject": { rung: "sign-in", retry: false, fixes: [] },
  "auth-client-certificate-missing": { rung: "sign-in", retry: false, fixes: ["give-client-certificate"] },
  "auth-client-certificate-unused": { rung: "sign-in", retry: false, fixes: [] },
  "auth-client-certificate-other-user": {
    rung: "sign-in",
    retry: false,
    fixes: ["give-client-certificate", "check-user"],
  },
  "auth-password-wrong": { rung: "sign-in", retry: false, fixes: ["give-password", "check-user"] },
  "auth-password-missing": { rung: "sign-in", retry: false, fixes: ["give-password"] },
  "auth-role-unknown": { rung: "sign-in", retry: false, fixes: ["check-user"] },
  "auth-method-refused": { rung: "sign-in", retry: false, fixes: ["use-verify-full", "allow-weak-password"] },
  "auth-channel-binding-failed": { rung: "sign-in", retry: false, fixes: ["check-host"] },
  "auth-channel-binding-unavailable": { rung: "sign-in", retry: false, fixes: ["channel-binding-prefer"] },
  "auth-token-expired": { rung: "sign-in", retry: false, fixes: ["make-new-token"] },
  "auth-token-refused": {
    rung: "sign-in",
    retry: false,
    fixes: ["make-new-token", "check-user", "check-host"],
  },
  "auth-token-credentials-missing": { rung: "sign-in", retry: false, fixes: [] },
  "auth-sni-required": { rung: "sign-in", retry: false, fixes: ["check-host", "send-sni"] },
  "auth-endpoint-unknown": { rung: "sign-in", retry: false, fixes: ["check-host"] },
  "auth-pooler-tenant-unknown": { rung: "sign-in", retry: false, fixes: ["check-user", "check-host"] },
  // session
  "database-unknown": { rung: "session", retry: false, fixes: ["check-database"] },
  "database-not-accepting": { rung: "session", retry: true, fixes: ["check-database"] },
  "server-too-many-connections": { rung: "session", retry: true, fixes: ["retry-later"] },
  "server-starting": { rung: "session", retry: true, fixes: ["retry-later"] },
  "server-paused": { rung: "session", retry: false, fixes: ["resume-server"] },
  "pooler-server-unreachable": { rung: "session", retry: true, fixes: ["retry-later", "check-database"] },
  "server-shutting-down": { rung: "session", retry: true, fixes: ["retry-later"] },
  "session-read-only": { rung: "session", retry: false, fixes: [] },
  "session-not-read-only": { rung: "session", retry: false, fixes: [] },
  "startup-parameter-refused": { rung: "session", retry: false, fixes: ["drop-options"] },
  // console
  "vault-locked": { rung: "console", retry: false, fixes: [] },
  "vault-wrong-key": { rung: "console", retry: false, fixes: [] },
  "vault-damaged": { rung: "console", retry: false, fixes: [] },
  "vault-newer-version": { rung: "console", retry: false, fixes: [] },
  "vault-rolled-back": { rung: "console", retry: false, fixes: [] },
  "vault-unsafe-permissions": { rung: "console", retry: false, fixes: [] },
  "vault-changed-meanwhile": { rung: "console", retry: true, fixes: [] },
  "vault-write-failed": { rung: "console", retry: true, fixes: [] },
  "not-signed-in": { rung: "console", retry: false, fixes: ["sign-in-again"] },
  "not-allowed": { rung: "console", retry: false, fixes: [] },
  "not-found": { rung: "console", retry: false, fixes: [] },
  "too-many-attempts": { rung: "console", retry: true, fixes: ["retry-later"] },
  cancelled: { rung: "console", retry: true, fixes: [] },
  unexpected: { rung: "console", retry: false, fixes: ["retry-later"] },
} as const satisfies Record<string, Entry>;

export type ProblemCode = keyof typeof catalogue;

export const problemCodes = Object.keys(catalogue) as readonly ProblemCode[];
