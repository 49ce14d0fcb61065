import "server-only";
import { X509Certificate } from "node:crypto";

/** Certificates that are trusted, from one place. */
export interface AnchorSet {
  /** Where they come from, for people: a file, a release of Node, the connection itself. */
  readonly origin: string;
  /** When what it was read from was last changed, ISO 8601 UTC; left out where that cannot be known. */
  readonly since?: string;
  /** One PEM block each. The same array for as long as the set is the same: contexts are cached by it. */
  readonly pems: readonly string[];
  /** The anchors themselves, parsed when first asked for. */
  readonly certificates: () => readonly X509Certificate[];
  /** The anchor that signed this certificate, by name and by signature. */
  readonly issuerOf: (certificate: X509Certificate) => X509Certificate | undefined;
  /** Whether this very certificate is an anchor. */
  readonly has: (certificate: X509Certificate) => boolean;
}

/** Makes a set of PEM blocks. Blocks that do not parse are left out, and never reach OpenSSL. */
export function anchorSet(origin: string, pems: readonly string[], since?: Date): AnchorSet {
  let parsed:
    | { readonly all: X509Certificate[]; readonly bySubject: Map<string, X509Certificate[]> }
    | undefined;
  const index = () => {
    parsed ??= indexBySubject(pems);
    return parsed;
  };
  return {
    origin,
    ...(since === undefined ? {} : { since: since.toISOString() }),
    pems: Object.freeze([...pems]),
    certificates: () => index().all,
    issuerOf: (certificate) =>
      (index().bySubject.get(certificate.issuer) ?? []).find((anchor) => hasSigned(anchor, certificate)),
    has: (certificate) =>
      (index().bySubject.get(certificate.subject) ?? []).some((anchor) => anchor.raw.equals(certificate.raw)),
  };
}

/**
 * The PEM certificates in a text, each a block of its own. Node skips in silence what it cannot read (a bundle
 * cut off, `TRUSTED CERTIFICATE` blocks, other encodings), so every block is tried here.
 */
export function certificateBlocks(text: string): string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.filter(canBeRead);
}

/** Whether `issuer` issued `certificate`: names and key identifiers agree, and the signature verifies. */
export function hasSigned(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && verifies(issuer, certificate);
}

/**
 * Whether the certificate's signature was made by the issuer's key. The answer for two parsed certificates never
 * changes, and costs a third of a millisecond, so it is worked out once: a console meets the same few servers again.
 */
export function verifies(issuer: X509Certificate, certificate: X509Certificate): boolean {
  const known = verified.get(certificate) ?? new WeakMap<X509Certificate, boolean>();
  verified.set(certificate, known);
  const answer = known.get(issuer) ?? verifyNow(issuer, certificate);
  known.set(issuer, answer);
  return answer;
}

const verified = new WeakMap<X509Certificate, WeakMap<X509Certificate, boolean>>();

function verifyNow(issuer: X509Certificate, certificate: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    // A key that this OpenSSL cannot use has signed nothing that it could verify.
    return false;
  }
}

function canBeRead(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

function indexBySubject(pems: readonly string[]) {
  const all = pems.map((pem) => new X509Certificate(pem));
  const bySubject = new Map<string, X509Certificate[]>();
  for (const certificate of all) {
    bySubject.set(certificate.subject, [...(bySubject.get(certificate.subject) ?? []), certificate]);
  }
  return { all, bySubject };
}
