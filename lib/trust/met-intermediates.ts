import "server-only";
import type { X509Certificate } from "node:crypto";
import { type AnchorSet, hasSigned } from "./anchor-set.ts";
import { certificatePath, isSelfSigned } from "./certificate-path.ts";

const met = new Map<string, X509Certificate>();
const keptAtMost = 128;
const longest = 8;

/**
 * Remembers the intermediate authorities that a server sent, for the next server that leaves out the same one.
 * That a server sent it proves nothing: it is of use only where its signatures lead up to an anchor.
 * @param chain as the server sent it, leaf first
 */
export function meetIntermediates(chain: readonly X509Certificate[]): void {
  for (const certificate of chain.slice(1, longest)) {
    if (!certificate.ca || certificate.subject === certificate.issuer) continue;
    met.delete(certificate.fingerprint256);
    met.set(certificate.fingerprint256, certificate);
    const oldest = met.keys().next();
    if (met.size > keptAtMost && !oldest.done) met.delete(oldest.value);
  }
}

/**
 * The authorities that are missing between what the server sent and an anchor, where this process has met all of
 * them; lowest first.
 * @param chain   as the server sent it, leaf first
 * @param anchors what is trusted; null for nothing
 * @returns empty when none is missing, or one is not known
 */
export function missingIntermediates(
  chain: readonly X509Certificate[],
  anchors: Pick<AnchorSet, "issuerOf" | "has"> | null,
): readonly X509Certificate[] {
  const [leaf, ...others] = chain;
  if (leaf === undefined || anchors === null) return [];
  const path = certificatePath([leaf, ...others], anchors);
  let top = path.certificates.at(-1);
  if (path.end !== "issuer-unknown" || top === undefined) return [];
  const found: X509Certificate[] = [];
  while (found.length < longest && anchors.issuerOf(top) === undefined) {
    const below: X509Certificate = top;
    const issuer = [...met.values()].find((one) => one.subject === below.issuer && hasSigned(one, below));
    if (issuer === undefined || isSelfSigned(issuer)) return [];
    found.push(issuer);
    top = issuer;
  }
  return certificatePath([leaf, ...others, ...found], anchors).end === "anchor" ? found : [];
}
