import "server-only";
import type { X509Certificate } from "node:crypto";
import { type AnchorSet, hasSigned, verifies } from "./anchor-set.ts";

/** The way from a server's certificate up to where it ends, as OpenSSL looks for it: trusted issuers first. */
export interface CertificatePath {
  /** Leaf first. The anchor, where there is one, stands last. */
  readonly certificates: readonly X509Certificate[];
  /**
   * `anchor`: a trusted certificate that signed itself. `partial-anchor`: a trusted one whose own issuer is not
   * trusted, where OpenSSL does not stop. `self-signed`: a root that nobody here trusts. `issuer-unknown`: the
   * last one's issuer is neither trusted nor sent.
   */
  readonly end: "anchor" | "partial-anchor" | "self-signed" | "issuer-unknown";
}

const longest = 32;

/**
 * Builds the path.
 * @param chain   as the server sent it, leaf first; not empty
 * @param anchors what is trusted; null for nothing
 */
export function certificatePath(
  chain: readonly [X509Certificate, ...X509Certificate[]],
  anchors: Pick<AnchorSet, "issuerOf" | "has"> | null,
): CertificatePath {
  const [leaf] = chain;
  const path: X509Certificate[] = [leaf];
  let current = leaf;
  let isTrusted = anchors?.has(leaf) ?? false;
  while (path.length < longest && !isSelfSigned(current)) {
    const anchor = anchors?.issuerOf(current);
    // Above an anchor only anchors count.
    const issuer = anchor ?? (isTrusted ? undefined : issuerAmong(chain, current, path));
    if (issuer === undefined)
      return { certificates: path, end: isTrusted ? "partial-anchor" : "issuer-unknown" };
    isTrusted = anchor !== undefined;
    current = issuer;
    path.push(issuer);
  }
  return { certificates: path, end: isTrusted ? "anchor" : "self-signed" };
}

/**
 * By name and by signature: a certificate that merely bears its own name as issuer has not signed itself. Whether
 * it may sign others (key usage) does not matter for that.
 */
export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && verifies(certificate, certificate);
}

function issuerAmong(
  chain: readonly X509Certificate[],
  certificate: X509Certificate,
  used: readonly X509Certificate[],
): X509Certificate | undefined {
  return chain.find((candidate) => !used.includes(candidate) && hasSigned(candidate, certificate));
}
