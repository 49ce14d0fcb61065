import type { StepName } from "./step-names.ts";

/** Where a problem shows: a step of the connection, what was given (`input`), or the console itself. */
export type Step = StepName | "input" | "console";

interface Entry {
  readonly step: Step;
  /** Whether the same attempt may well succeed a little later. */
  readonly retry: boolean;
  /**
   * All that can ever be done about it, by id, in the order in which it is shown: what can work by itself before
   * what needs somebody else, and what gives up protection last. The card, the command line and the help page show
   * this list; `diagnose` leaves out what does not fit what it saw, and changes nothing else.
   */
  readonly fixes: readonly string[];
}

/** Everything that can go wrong, as data. Codes are permanent: more may be added, none is renamed. */
export const catalogue = {
  // input
  "string-malformed": { step: "input", retry: false, fixes: [] },
  "string-unknown-form": { step: "input", retry: false, fixes: [] },
  "string-sslmode-unknown": { step: "input", retry: false, fixes: ["use-verify-full", "use-require"] },
  "string-parameter-unsupported": { step: "input", retry: false, fixes: [] },
  "string-placeholder-password": { step: "input", retry: false, fixes: ["give-password"] },
  "yaml-unread": { step: "input", retry: false, fixes: [] },
  "pem-not-a-certificate": { step: "input", retry: false, fixes: [] },
  "pem-truncated": { step: "input", retry: false, fixes: [] },
  "pem-unusable": { step: "input", retry: false, fixes: [] },
  "pem-wrong-box": { step: "input", retry: false, fixes: [] },
  "key-unreadable": { step: "input", retry: false, fixes: [] },
  "key-format-unsupported": { step: "input", retry: false, fixes: [] },
  "key-cipher-unsupported": { step: "input", retry: false, fixes: [] },
  "key-too-costly": { step: "input", retry: false, fixes: [] },
  "key-passphrase-missing": { step: "input", retry: false, fixes: ["give-passphrase"] },
  "key-passphrase-wrong": { step: "input", retry: false, fixes: ["give-passphrase"] },
  "key-not-for-certificate": { step: "input", retry: false, fixes: ["give-client-certificate"] },
  "key-without-certificate": {
    step: "input",
    retry: false,
    fixes: ["give-client-certificate", "remove-client-certificate"],
  },
  "certificate-without-key": {
    step: "input",
    retry: false,
    fixes: ["give-client-key", "remove-client-certificate"],
  },
  "client-certificate-expired": {
    step: "input",
    retry: false,
    fixes: ["renew-certificate", "give-client-certificate", "check-clock", "remove-client-certificate"],
  },
  "crl-unreadable": { step: "input", retry: false, fixes: [] },
  "pkcs12-password-wrong": { step: "input", retry: false, fixes: [] },
  "pkcs12-unsupported": { step: "input", retry: false, fixes: [] },
  "trust-no-ca": {
    step: "input",
    retry: false,
    fixes: ["give-ca", "trust-provider", "trust-system", "trust-mozilla"],
  },
  "trust-no-root-in-file": { step: "input", retry: false, fixes: ["give-root"] },
  "trust-system-store-missing": { step: "input", retry: false, fixes: ["trust-mozilla", "give-ca"] },
  "trust-weak-mode": { step: "input", retry: false, fixes: ["use-verify-full", "give-ca"] },
  "tls-range-empty": { step: "input", retry: false, fixes: ["raise-max-tls", "lower-min-tls"] },
  "setting-invalid": { step: "input", retry: false, fixes: [] },
  "import-unreadable": { step: "input", retry: false, fixes: [] },
  "import-locked": { step: "input", retry: false, fixes: [] },
  // name
  "net-name-unknown": { step: "name", retry: false, fixes: ["check-host"] },
  "net-name-temporary": { step: "name", retry: true, fixes: ["retry-later", "check-host"] },
  // address
  "net-refused": { step: "address", retry: false, fixes: ["check-port", "check-host", "check-firewall"] },
  "net-timeout": {
    step: "address",
    retry: true,
    fixes: [
      "use-postgres-negotiation",
      "check-azure-firewall",
      "check-security-group",
      "check-authorised-networks",
      "check-firewall",
      "check-host",
      "check-port",
      "retry-later",
    ],
  },
  "net-unreachable": {
    step: "address",
    retry: false,
    fixes: [
      "check-host",
      "check-azure-firewall",
      "check-security-group",
      "check-authorised-networks",
      "check-firewall",
    ],
  },
  "net-reset": {
    step: "address",
    retry: true,
    fixes: [
      "check-port",
      "check-azure-firewall",
      "check-security-group",
      "check-authorised-networks",
      "check-firewall",
      "retry-later",
    ],
  },
  "net-address-denied": { step: "address", retry: false, fixes: ["check-host"] },
  // tls-request
  "tls-not-offered": { step: "tls-request", retry: false, fixes: ["check-port", "turn-ssl-off"] },
  "net-not-postgres": { step: "tls-request", retry: false, fixes: ["check-port", "check-host"] },
  "net-closed": {
    step: "tls-request",
    retry: true,
    fixes: ["check-port", "retry-later"],
  },
  "server-full": { step: "tls-request", retry: true, fixes: ["retry-later"] },
  // handshake
  "tls-version-refused": { step: "handshake", retry: false, fixes: ["raise-max-tls", "lower-min-tls"] },
  "tls-cipher-refused": {
    step: "handshake",
    retry: false,
    fixes: ["raise-max-tls", "give-client-certificate", "lower-min-tls"],
  },
  "tls-curve-unsupported": { step: "handshake", retry: false, fixes: ["replace-server-certificate"] },
  "tls-direct-refused": { step: "handshake", retry: false, fixes: ["use-postgres-negotiation"] },
  "tls-alpn-refused": { step: "handshake", retry: false, fixes: ["use-postgres-negotiation"] },
  "tls-closed": {
    step: "handshake",
    retry: false,
    fixes: ["use-postgres-negotiation", "check-host", "check-port", "retry-later"],
  },
  "client-certificate-required": { step: "handshake", retry: false, fixes: ["give-client-certificate"] },
  "client-certificate-refused": {
    step: "handshake",
    retry: false,
    fixes: ["give-client-certificate", "remove-client-certificate"],
  },
  "client-certificate-unknown-ca": {
    step: "handshake",
    retry: false,
    fixes: ["give-client-certificate", "remove-client-certificate"],
  },
  "client-certificate-revoked": {
    step: "handshake",
    retry: false,
    fixes: ["give-client-certificate", "remove-client-certificate"],
  },
  "client-certificate-wrong-purpose": {
    step: "handshake",
    retry: false,
    fixes: ["give-client-certificate", "remove-client-certificate"],
  },
  // chain
  "tls-unknown-ca": {
    step: "chain",
    retry: false,
    fixes: [
      "trust-provider",
      "trust-system",
      "trust-mozilla",
      "trust-presented-ca",
      "check-ca",
      "give-ca",
      "use-require",
      "allow-self-signed",
    ],
  },
  "tls-self-signed": {
    step: "chain",
    retry: false,
    fixes: ["pin-certificate", "give-ca", "use-require", "allow-self-signed"],
  },
  // Never met here: psql on Windows says it of `sslrootcert=system` (D9), and people look it up.
  "psql-unregistered-scheme": { step: "chain", retry: false, fixes: ["give-ca"] },
  "tls-intermediate-missing": {
    step: "chain",
    retry: false,
    fixes: [
      "trust-provider",
      "trust-system",
      "trust-mozilla",
      "add-intermediate",
      "use-require",
      "allow-self-signed",
    ],
  },
  "tls-anchor-is-intermediate": {
    step: "chain",
    retry: false,
    fixes: [
      "trust-provider",
      "trust-system",
      "trust-mozilla",
      "trust-presented-ca",
      "give-root",
      "use-require",
      "allow-self-signed",
    ],
  },
  "tls-expired": {
    step: "chain",
    retry: false,
    fixes: ["replace-server-certificate", "check-clock", "use-require", "allow-self-signed"],
  },
  "tls-not-yet-valid": {
    step: "chain",
    retry: false,
    fixes: ["check-clock", "replace-server-certificate", "use-require", "allow-self-signed"],
  },
  "tls-revoked": { step: "chain", retry: false, fixes: ["replace-server-certificate"] },
  "tls-crl-missing": { step: "chain", retry: false, fixes: ["add-crls", "drop-crls"] },
  "tls-wrong-purpose": {
    step: "chain",
    retry: false,
    fixes: ["replace-server-certificate", "use-require", "allow-self-signed"],
  },
  "tls-critical-extension": { step: "chain", retry: false, fixes: ["replace-server-certificate"] },
  "tls-name-constraint": { step: "chain", retry: false, fixes: ["replace-server-certificate"] },
  "tls-issuer-not-allowed": { step: "chain", retry: false, fixes: ["replace-server-certificate"] },
  "tls-certificate-refused": { step: "chain", retry: false, fixes: ["replace-server-certificate"] },
  "tls-weak-key": {
    step: "chain",
    retry: false,
    fixes: ["replace-server-certificate", "use-require", "allow-self-signed"],
  },
  "tls-weak-signature": {
    step: "chain",
    retry: false,
    fixes: ["replace-server-certificate", "use-require", "allow-self-signed"],
  },
  "tls-pin-changed": {
    step: "chain",
    retry: false,
    fixes: ["trust-provider", "trust-system", "trust-mozilla", "replace-pin", "check-host", "give-ca"],
  },
  // host-name
  "tls-hostname-mismatch": {
    step: "host-name",
    retry: false,
    fixes: ["use-certificate-name", "verify-name-dial-address", "check-host", "use-verify-ca", "use-require"],
  },
  // sign-in
  "auth-tls-required": {
    step: "sign-in",
    retry: false,
    fixes: ["turn-ssl-on", "use-verify-full", "use-require"],
  },
  "auth-tls-not-allowed": { step: "sign-in", retry: false, fixes: ["turn-ssl-off"] },
  "auth-rule-missing": { step: "sign-in", retry: false, fixes: ["check-user", "check-database"] },
  "auth-rule-reject": { step: "sign-in", retry: false, fixes: ["check-user", "check-database"] },
  "auth-client-certificate-missing": { step: "sign-in", retry: false, fixes: ["give-client-certificate"] },
  "auth-client-certificate-unused": { step: "sign-in", retry: false, fixes: [] },
  "auth-client-certificate-other-user": {
    step: "sign-in",
    retry: false,
    fixes: ["check-user", "give-client-certificate", "remove-client-certificate"],
  },
  "auth-password-wrong": { step: "sign-in", retry: false, fixes: ["give-password", "check-user"] },
  "auth-password-missing": { step: "sign-in", retry: false, fixes: ["give-password"] },
  "auth-role-unknown": { step: "sign-in", retry: false, fixes: ["check-user"] },
  "auth-method-refused": {
    step: "sign-in",
    retry: false,
    fixes: ["turn-ssl-on", "use-verify-full", "allow-weak-password"],
  },
  "auth-refused": { step: "sign-in", retry: false, fixes: ["check-user", "check-database"] },
  "auth-channel-binding-failed": { step: "sign-in", retry: false, fixes: ["check-host"] },
  "auth-channel-binding-unavailable": { step: "sign-in", retry: false, fixes: ["channel-binding-prefer"] },
  "auth-channel-binding-unsupported": {
    step: "sign-in",
    retry: false,
    fixes: ["replace-server-certificate", "channel-binding-off"],
  },
  "auth-token-expired": { step: "sign-in", retry: false, fixes: ["lengthen-token", "make-new-token"] },
  "auth-token-refused": {
    step: "sign-in",
    retry: false,
    fixes: ["make-new-token", "check-token-permissions", "check-user", "check-host"],
  },
  "auth-token-credentials-missing": { step: "sign-in", retry: false, fixes: ["give-token-credentials"] },
  "auth-token-credentials-expired": { step: "sign-in", retry: false, fixes: ["renew-token-credentials"] },
  "auth-token-credentials-refused": {
    step: "sign-in",
    retry: false,
    fixes: ["check-token-permissions", "give-token-credentials"],
  },
  "auth-token-service-unreachable": {
    step: "sign-in",
    retry: true,
    fixes: ["retry-later", "check-outgoing-network"],
  },
  "auth-token-library-missing": { step: "sign-in", retry: false, fixes: ["install-token-library"] },
  "auth-token-region-unknown": { step: "sign-in", retry: false, fixes: ["give-token-region"] },
  "auth-token-region-wrong": { step: "sign-in", retry: false, fixes: ["use-host-region"] },
  "auth-token-clock-off": { step: "sign-in", retry: false, fixes: ["check-clock"] },
  "auth-token-needs-verification": { step: "sign-in", retry: false, fixes: ["use-verify-full"] },
  "auth-sni-required": { step: "sign-in", retry: false, fixes: ["send-sni", "check-host"] },
  "auth-endpoint-unknown": { step: "sign-in", retry: false, fixes: ["check-host"] },
  "auth-endpoint-conflict": { step: "sign-in", retry: false, fixes: ["drop-options", "check-host"] },
  "auth-pooler-tenant-unknown": { step: "sign-in", retry: false, fixes: ["check-user", "check-host"] },
  // session
  "database-unknown": { step: "session", retry: false, fixes: ["check-database"] },
  "database-not-accepting": { step: "session", retry: true, fixes: ["check-database"] },
  "server-too-many-connections": { step: "session", retry: true, fixes: ["retry-later"] },
  "server-disk-full": { step: "session", retry: true, fixes: ["retry-later"] },
  "server-out-of-memory": { step: "session", retry: true, fixes: ["retry-later"] },
  "server-starting": { step: "session", retry: true, fixes: ["retry-later"] },
  "server-standby-closed": { step: "session", retry: false, fixes: ["check-host"] },
  "server-paused": { step: "session", retry: false, fixes: ["resume-server"] },
  "pooler-server-unreachable": { step: "session", retry: true, fixes: ["retry-later", "check-database"] },
  "pooler-password-type": { step: "session", retry: false, fixes: [] },
  "server-shutting-down": { step: "session", retry: true, fixes: ["retry-later"] },
  "session-timed-out": { step: "session", retry: true, fixes: ["retry-later"] },
  "session-read-only": { step: "session", retry: false, fixes: [] },
  "session-not-read-only": { step: "session", retry: false, fixes: [] },
  "startup-parameter-refused": { step: "session", retry: false, fixes: ["drop-options"] },
  "server-feature-unsupported": { step: "session", retry: false, fixes: ["drop-options"] },
  // console
  "vault-locked": { step: "console", retry: false, fixes: [] },
  "vault-wrong-key": { step: "console", retry: false, fixes: [] },
  "vault-damaged": { step: "console", retry: false, fixes: [] },
  "vault-newer-version": { step: "console", retry: false, fixes: [] },
  "vault-rolled-back": { step: "console", retry: false, fixes: [] },
  "vault-other-store": { step: "console", retry: false, fixes: [] },
  "vault-moved": { step: "console", retry: false, fixes: [] },
  "vault-unsafe-permissions": { step: "console", retry: false, fixes: [] },
  "vault-changed-meanwhile": { step: "console", retry: true, fixes: [] },
  "vault-write-failed": { step: "console", retry: true, fixes: [] },
  "vault-in-use": { step: "console", retry: true, fixes: [] },
  "vault-busy": { step: "console", retry: true, fixes: ["retry-later"] },
  "store-away": { step: "console", retry: true, fixes: ["retry-later"] },
  "store-not-ready": { step: "console", retry: false, fixes: [] },
  "store-busy": { step: "console", retry: true, fixes: ["retry-later"] },
  // Between the store and the vault, which then tries again: nobody is shown it.
  "store-conflict": { step: "console", retry: true, fixes: ["retry-later"] },
  "sign-out-not-kept": { step: "console", retry: true, fixes: [] },
  "console-stopping": { step: "console", retry: true, fixes: ["retry-later"] },
  "session-gone": { step: "console", retry: false, fixes: [] },
  "session-elsewhere": { step: "console", retry: false, fixes: [] },
  "session-places": { step: "console", retry: true, fixes: [] },
  "connection-moved": { step: "console", retry: false, fixes: [] },
  "not-signed-in": { step: "console", retry: false, fixes: ["sign-in-again"] },
  "not-allowed": { step: "console", retry: false, fixes: [] },
  "not-found": { step: "console", retry: false, fixes: [] },
  "too-many-attempts": { step: "console", retry: true, fixes: ["retry-later"] },
  cancelled: { step: "console", retry: true, fixes: [] },
  unexpected: { step: "console", retry: false, fixes: ["retry-later"] },
} as const satisfies Record<string, Entry>;

export type ProblemCode = keyof typeof catalogue;

export const problemCodes = Object.keys(catalogue) as readonly ProblemCode[];

/** Every id that stands in a list of fixes above; its words are `fixes.<id>`. */
export type FixId = (typeof catalogue)[ProblemCode]["fixes"][number];
