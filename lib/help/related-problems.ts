import "server-only";
import { type ProblemCode, problemCodes } from "#lib/problems/catalogue.ts";
import { phrases } from "./phrases.ts";

/** So many are shown. */
const most = 8;

/**
 * The problems that are taken for this one, or met beside it: those of the same group, then those that some program
 * has the same words for.
 */
export function relatedProblems(code: ProblemCode): readonly ProblemCode[] {
  const beside = groups.filter((group) => group.includes(code)).flat();
  const own = new Set(textsOf(code));
  const alike = problemCodes.filter((other) => textsOf(other).some((text) => own.has(text)));
  return [...new Set([...beside, ...alike])].filter((other) => other !== code).slice(0, most);
}

function textsOf(code: ProblemCode): readonly string[] {
  return Object.values(phrases[code] ?? {}).flat();
}

/** Problems that people take for one another. */
const groups: readonly (readonly ProblemCode[])[] = [
  ["net-name-unknown", "net-name-temporary"],
  ["net-refused", "net-timeout", "net-unreachable", "net-reset"],
  ["net-closed", "net-reset", "tls-closed", "tls-direct-refused"],
  ["net-not-postgres", "tls-not-offered", "tls-direct-refused", "tls-alpn-refused"],
  ["tls-not-offered", "auth-tls-required", "auth-tls-not-allowed"],
  ["tls-version-refused", "tls-cipher-refused", "tls-range-empty"],
  [
    "tls-unknown-ca",
    "tls-self-signed",
    "tls-intermediate-missing",
    "tls-anchor-is-intermediate",
    "trust-no-ca",
  ],
  ["tls-self-signed", "tls-pin-changed"],
  ["tls-expired", "tls-not-yet-valid", "client-certificate-expired"],
  ["tls-revoked", "tls-crl-missing", "crl-unreadable"],
  [
    "tls-wrong-purpose",
    "tls-critical-extension",
    "tls-name-constraint",
    "tls-issuer-not-allowed",
    "tls-certificate-refused",
  ],
  ["tls-weak-key", "tls-weak-signature"],
  ["tls-hostname-mismatch", "tls-unknown-ca"],
  [
    "trust-no-ca",
    "trust-system-store-missing",
    "trust-weak-mode",
    "trust-no-root-in-file",
    "psql-unregistered-scheme",
  ],
  [
    "client-certificate-required",
    "client-certificate-refused",
    "client-certificate-unknown-ca",
    "client-certificate-revoked",
    "client-certificate-wrong-purpose",
    "client-certificate-expired",
    "auth-client-certificate-missing",
    "auth-client-certificate-other-user",
  ],
  ["auth-client-certificate-missing", "auth-client-certificate-unused", "certificate-without-key"],
  ["auth-rule-missing", "auth-rule-reject", "auth-tls-required", "auth-tls-not-allowed"],
  [
    "auth-password-wrong",
    "auth-password-missing",
    "auth-role-unknown",
    "auth-client-certificate-other-user",
    "string-placeholder-password",
  ],
  ["auth-refused", "auth-method-refused", "auth-rule-missing"],
  ["auth-channel-binding-failed", "auth-channel-binding-unavailable", "auth-channel-binding-unsupported"],
  ["auth-token-expired", "auth-token-refused", "auth-token-clock-off", "auth-token-region-wrong"],
  [
    "auth-token-credentials-missing",
    "auth-token-credentials-expired",
    "auth-token-credentials-refused",
    "auth-token-service-unreachable",
    "auth-token-library-missing",
    "auth-token-region-unknown",
  ],
  ["auth-sni-required", "auth-endpoint-unknown", "auth-endpoint-conflict", "auth-pooler-tenant-unknown"],
  ["auth-token-needs-verification", "trust-weak-mode"],
  ["database-unknown", "database-not-accepting"],
  ["server-full", "server-too-many-connections"],
  [
    "server-starting",
    "server-shutting-down",
    "server-standby-closed",
    "server-paused",
    "pooler-server-unreachable",
  ],
  ["server-disk-full", "server-out-of-memory"],
  ["session-read-only", "session-not-read-only"],
  ["session-gone", "session-timed-out", "session-elsewhere", "session-places"],
  ["startup-parameter-refused", "server-feature-unsupported", "string-parameter-unsupported"],
  ["pooler-password-type", "pooler-server-unreachable"],
  [
    "string-malformed",
    "string-unknown-form",
    "string-sslmode-unknown",
    "string-parameter-unsupported",
    "yaml-unread",
  ],
  ["import-unreadable", "import-locked", "string-unknown-form"],
  ["pem-not-a-certificate", "pem-truncated", "pem-unusable", "pem-wrong-box"],
  ["key-unreadable", "key-format-unsupported", "key-cipher-unsupported", "key-too-costly", "pem-wrong-box"],
  ["key-passphrase-missing", "key-passphrase-wrong", "pkcs12-password-wrong", "pkcs12-unsupported"],
  ["key-not-for-certificate", "key-without-certificate", "certificate-without-key"],
  [
    "vault-locked",
    "vault-wrong-key",
    "vault-damaged",
    "vault-newer-version",
    "vault-rolled-back",
    "vault-other-store",
    "vault-moved",
    "vault-unsafe-permissions",
  ],
  ["vault-changed-meanwhile", "vault-write-failed", "vault-in-use", "vault-busy"],
  ["store-away", "store-not-ready", "store-busy", "store-conflict"],
  ["not-signed-in", "not-allowed", "not-found", "too-many-attempts"],
];
