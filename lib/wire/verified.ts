import "server-only";
import type { Evidence } from "./evidence.ts";
import type { Verified } from "./report.ts";
import { checksOf } from "./tls-options.ts";

/**
 * How far the server's identity was proved in this attempt, so far.
 * A certificate that is its own anchor is the strongest proof of all: exactly this one was expected.
 */
export function verifiedBy(evidence: Evidence): Verified {
  const { handshake, anchors } = evidence;
  const checks = checksOf(evidence.profile.tls);
  const leaf = handshake?.chain[0];
  if (checks === "none" || !handshake?.accepted || handshake.verifyError !== null) return "none";
  if (leaf !== undefined && anchors?.has(leaf)) return "pinned";
  return checks === "chain-and-name" ? "full" : "ca";
}
