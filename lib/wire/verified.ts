import "server-only";
import { checksOfTls, type Proof, proofOf } from "#lib/settings/checks-of.ts";
import type { Evidence } from "./evidence.ts";

/** How far the server's identity was proved in this attempt, so far. */
export function verifiedBy(evidence: Evidence): Proof {
  const { handshake, anchors } = evidence;
  if (!handshake?.accepted || handshake.verifyError !== null) return "none";
  const leaf = handshake.chain[0];
  return proofOf(checksOfTls(evidence.profile.tls), leaf !== undefined && anchors?.has(leaf) === true);
}
