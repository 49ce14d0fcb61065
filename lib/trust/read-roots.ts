import "server-only";
import { X509Certificate } from "node:crypto";
import { describeCertificate } from "#lib/certificates/describe-certificate.ts";
import { type GivenFile, sortMaterial } from "#lib/certificates/sort-material.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { certificateBlocks } from "./anchor-set.ts";
import { isSelfSigned } from "./certificate-path.ts";

/** More roots than any provider has: RDS has ninety. */
export const mostRoots = 400;

/** What a provider's bundle holds. */
export interface ReadRoots {
  /** PEM, none twice. */
  readonly pems: readonly string[];
  readonly roots: readonly {
    readonly subject: string;
    readonly sha256: string;
    /** ISO 8601 UTC. */
    readonly notAfter: string;
  }[];
  /** Certificates in it that were left out: intermediates and servers' own, and roots whose time is over. */
  readonly leftOut: { readonly notRoots: number; readonly expired: number };
}

/**
 * The roots in a provider's files, of whatever shape: PEM bundle, DER, PKCS#7. A root is an authority that signed
 * itself; it is known by its fingerprint, whatever it or its file is called, so two of one name are two roots.
 * @returns `trust-no-root-in-file` when there is none that counts, or why the files cannot be read
 */
export async function readRoots(
  files: readonly GivenFile[],
  now: Date = new Date(),
): Promise<Result<ReadRoots>> {
  const sorted = await sortMaterial(files, { into: "ca", now });
  if (!sorted.ok) return sorted;
  const all = certificateBlocks(sorted.value.ca).map((pem) => ({ pem, x509: new X509Certificate(pem) }));
  const roots = all.filter(({ x509 }) => x509.ca && isSelfSigned(x509));
  const current = roots.filter(({ x509 }) => Date.parse(x509.validTo) > now.getTime());
  const leftOut = { notRoots: all.length - roots.length, expired: roots.length - current.length };
  if (current.length === 0) return failed(problem("trust-no-root-in-file", { ...leftOut }));
  return ok({
    pems: current.map(({ pem }) => `${pem.trim()}\n`),
    roots: current.map(({ x509 }) => {
      const { subject, sha256, notAfter } = describeCertificate(x509, now);
      return { subject, sha256, notAfter };
    }),
    leftOut,
  });
}
