import type { ChainCode } from "#lib/problems/chain-codes.ts";

/** X509_verify_cert_error_string(3), as Node names them. */
export const openSslNames: Readonly<Record<string, ChainCode>> = {
  CERT_HAS_EXPIRED: "tls-expired",
  CERT_NOT_YET_VALID: "tls-not-yet-valid",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls-self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "tls-unknown-ca",
  UNABLE_TO_GET_ISSUER_CERT: "tls-anchor-is-intermediate",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "tls-unknown-ca",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls-unknown-ca",
  CERT_SIGNATURE_FAILURE: "tls-unknown-ca",
  CERT_UNTRUSTED: "tls-unknown-ca",
  CERT_REJECTED: "tls-unknown-ca",
};
