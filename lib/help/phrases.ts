import "server-only";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import { clientCertificatePhrases } from "./phrases/client-certificates.ts";
import { inputPhrases } from "./phrases/input.ts";
import { networkPhrases } from "./phrases/network.ts";
import { sessionPhrases } from "./phrases/sessions.ts";
import { signInPhrases } from "./phrases/sign-in.ts";
import { tlsPhrases } from "./phrases/tls.ts";
import { tokenPhrases } from "./phrases/tokens.ts";
import type { PhraseTable } from "./programs.ts";

/**
 * The words of other programs for each problem, as data: what people have before them when they look for help. Several
 * problems may share a phrase, since many programs have one message for several causes.
 */
export const phrases: PhraseTable = {
  ...inputPhrases,
  ...networkPhrases,
  ...tlsPhrases,
  ...clientCertificatePhrases,
  ...signInPhrases,
  ...tokenPhrases,
  ...sessionPhrases,
};

/** The SQLSTATEs that a server sends with each problem (PostgreSQL 18, appendix A), the likeliest problem first. */
export const sqlstates: Readonly<Record<string, readonly ProblemCode[]>> = {
  "08001": ["net-refused", "net-timeout", "net-name-unknown"],
  "08004": ["server-too-many-connections", "auth-refused"],
  "08006": ["net-closed", "net-reset", "net-timeout"],
  "08P01": ["startup-parameter-refused", "auth-tls-required"],
  "0A000": ["server-feature-unsupported"],
  "25006": ["session-read-only"],
  "25P03": ["session-gone"],
  "28000": [
    "auth-rule-missing",
    "auth-tls-required",
    "auth-role-unknown",
    "auth-client-certificate-missing",
    "auth-client-certificate-other-user",
    "auth-rule-reject",
    "auth-refused",
  ],
  "28P01": ["auth-password-wrong", "auth-token-expired"],
  "3D000": ["database-unknown"],
  "42704": ["startup-parameter-refused"],
  "53100": ["server-disk-full"],
  "53200": ["server-out-of-memory"],
  "53300": ["server-too-many-connections", "server-full"],
  "55000": ["database-not-accepting"],
  "57014": ["cancelled"],
  "57P01": ["server-shutting-down"],
  "57P03": ["server-starting", "server-shutting-down", "server-standby-closed"],
  "57P05": ["session-timed-out"],
};
