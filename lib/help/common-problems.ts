import "server-only";
import type { ProblemCode } from "#lib/problems/catalogue.ts";

/** What most people meet, the most usual first: shown where nothing is searched yet, and put first among equals. */
export const commonProblems: readonly ProblemCode[] = [
  "auth-password-wrong",
  "net-refused",
  "net-timeout",
  "tls-unknown-ca",
  "tls-self-signed",
  "tls-hostname-mismatch",
  "tls-expired",
  "auth-rule-missing",
  "auth-tls-required",
  "tls-not-offered",
  "database-unknown",
  "server-too-many-connections",
];
