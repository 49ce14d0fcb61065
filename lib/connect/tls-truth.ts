import type { TlsReport } from "#lib/wire/report.ts";

/** The short truth of one live socket: how far the server's identity was proved, if it is encrypted at all. */
export const tlsTruths = ["full", "ca", "pinned", "unverified", "plaintext"] as const;
export type TlsTruth = (typeof tlsTruths)[number];

/**
 * The short truth for the badge.
 * @param tls what the live socket says of itself, null for plain text; never what the settings say
 */
export function tlsTruth(tls: TlsReport | null): TlsTruth {
  if (tls === null) return "plaintext";
  return tls.verified === "none" ? "unverified" : tls.verified;
}
