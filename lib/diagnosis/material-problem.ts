import "server-only";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import type { NodeError } from "./handshake-problem.ts";

/**
 * What is wrong with the certificates, keys and lists of a connection, by the error that OpenSSL gave when a TLS
 * context was made of them. The codes are the same on Node 20, 22 and 24.
 * @returns undefined when the error is about none of them
 */
export function materialProblem(error: NodeError, profile: ProfileDraft): ProblemCode | undefined {
  const code = error.code ?? "";
  if (/failed to parse CRL/i.test(error.message)) return "crl-unreadable";
  if (/BAD_DECRYPT|INTERRUPTED_OR_CANCELLED|MISSING_PASSPHRASE/.test(code)) {
    const passphrase = profile.secrets.keyPassphrase;
    return passphrase === undefined || passphrase.isEmpty ? "key-passphrase-missing" : "key-passphrase-wrong";
  }
  if (/EVP_UNSUPPORTED|CRYPTO_UNSUPPORTED/.test(code)) return "key-cipher-unsupported";
  if (/KEY_VALUES_MISMATCH/.test(code)) return "key-not-for-certificate";
  if (/NO_START_LINE|BAD_BASE64|PEM_|ASN1/.test(code)) return "pem-not-a-certificate";
  if (/^ERR_OSSL_UNSUPPORTED|ERR_OSSL_.*(DECODE|UNSUPPORTED)/.test(code)) return "key-unreadable";
  if (/TLS_PROTOCOL_VERSION_CONFLICT|INVALID_PROTOCOL_VERSION/.test(code)) return "tls-range-empty";
  return undefined;
}

/** What can be told without trying: half a pair, and versions that leave nothing. */
export function missingMaterial(profile: ProfileDraft): ProblemCode | undefined {
  const { tls, secrets } = profile;
  if (tls.mode === "disable") return undefined;
  if (versionRank[tls.minVersion] > versionRank[tls.maxVersion]) return "tls-range-empty";
  if (!tls.clientCertificate?.trim()) return undefined;
  const { clientKey } = secrets;
  return clientKey === undefined || clientKey.isEmpty ? "certificate-without-key" : undefined;
}

const versionRank = { TLSv1: 1, "TLSv1.1": 2, "TLSv1.2": 3, "TLSv1.3": 4 } as const;
