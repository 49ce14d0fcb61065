import "server-only";
import type { X509Certificate } from "node:crypto";
import { children, type DerElement, oidText, readElement, tags } from "#lib/certificates/der.ts";

/** What a certificate lays down beyond its names and dates (RFC 5280 section 4.2). */
export interface CertificateLimits {
  /** How many authorities may stand between it and a server's certificate; null for any number. */
  readonly pathLength: number | null;
  /** Whether it limits the names that may be issued below it. */
  readonly limitsNames: boolean;
  /** Extensions that are marked as critical and that OpenSSL does not know, by OID. */
  readonly unknownCritical: readonly string[];
}

/** Reads the limits from the certificate's DER. What cannot be read lays down nothing. */
export function certificateLimits(certificate: X509Certificate): CertificateLimits {
  const extensions = extensionsOf(certificate);
  const constraints = extensions.find(({ oid }) => oid === "2.5.29.19")?.value;
  const length = children(readElement(constraints ?? nothing)).find(({ tag }) => tag === tags.integer);
  return {
    pathLength: length === undefined ? null : numberOf(length.contents),
    limitsNames: extensions.some(({ oid }) => oid === "2.5.29.30"),
    unknownCritical: extensions
      .filter(({ oid, critical }) => critical && !known.has(oid))
      .map(({ oid }) => oid),
  };
}

interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

const nothing = new Uint8Array(0);

function extensionsOf(certificate: X509Certificate): readonly Extension[] {
  const [tbs] = children(readElement(certificate.raw));
  const wrapped = children(tbs).find(({ tag }) => tag === 0xa3);
  return children(children(wrapped)[0]).flatMap((one): Extension[] => {
    const parts = children(one);
    const [id] = parts;
    const value = parts.at(-1);
    if (id === undefined || value === undefined || value.tag !== tags.octetString) return [];
    return [{ oid: oidText(id.contents), critical: isCritical(parts), value: value.contents }];
  });
}

function isCritical(parts: readonly DerElement[]): boolean {
  return parts.some(({ tag, contents }) => tag === tags.boolean && contents[0] !== 0);
}

function numberOf(contents: Uint8Array): number {
  return contents.reduce((value, octet) => value * 256 + octet, 0);
}

/** X509_supported_extension (OpenSSL's crypto/x509/v3_purp.c). */
const known: ReadonlySet<string> = new Set([
  "2.5.29.14",
  "2.5.29.15",
  "2.5.29.17",
  "2.5.29.19",
  "2.5.29.30",
  "2.5.29.31",
  "2.5.29.32",
  "2.5.29.33",
  "2.5.29.35",
  "2.5.29.36",
  "2.5.29.37",
  "2.5.29.54",
  "1.3.6.1.5.5.7.1.7",
  "1.3.6.1.5.5.7.1.8",
  "1.3.6.1.5.5.7.1.14",
  "1.3.6.1.5.5.7.48.1.5",
  "2.16.840.1.113730.1.1",
]);
