import type { ProblemCode } from "./catalogue.ts";

/** Mistakes with a code of their own that a field can have; the words beside the field stand with the reasons'. */
export const fieldCodes = [
  "pem-not-a-certificate",
  "pem-truncated",
  "pem-unusable",
  "pem-wrong-box",
  "key-unreadable",
  "key-format-unsupported",
  "key-cipher-unsupported",
  "key-too-costly",
  "key-passphrase-missing",
  "key-passphrase-wrong",
  "key-not-for-certificate",
  "key-without-certificate",
  "certificate-without-key",
  "client-certificate-expired",
  "crl-unreadable",
  "trust-no-ca",
  "trust-weak-mode",
  "tls-range-empty",
] as const satisfies readonly ProblemCode[];
