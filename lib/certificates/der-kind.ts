import { type DerElement, firstChildren, oidText, readElement, tags } from "./der.ts";

/** The PEM label that a DER structure would carry; PKCS#12 has none and goes by its name. */
export type DerKind =
  | "CERTIFICATE"
  | "X509 CRL"
  | "CERTIFICATE REQUEST"
  | "PRIVATE KEY"
  | "ENCRYPTED PRIVATE KEY"
  | "RSA PRIVATE KEY"
  | "EC PRIVATE KEY"
  | "PUBLIC KEY"
  | "PKCS7"
  | "PKCS12";

/**
 * What a DER structure is, told by its first elements: a certificate or a revocation list (RFC 5280), a request
 * (RFC 2986), PKCS#8 (RFC 5958), PKCS#1 (RFC 8017, A.1.2), SEC 1 (RFC 5915), PKCS#7 (RFC 2315) or PKCS#12
 * (RFC 7292). Undefined when it is none of them. Looks at a handful of elements, however large the whole is.
 */
export function derKind(bytes: Uint8Array): DerKind | undefined {
  const outer = readElement(bytes);
  if (outer?.tag !== tags.sequence) return undefined;
  const [first, second, third] = firstChildren(outer, 3);
  if (first === undefined || second === undefined) return undefined;
  if (first.tag === tags.integer) return numbered(first, second, third);
  if (first.tag === tags.oid) return isSignedData(first) ? "PKCS7" : undefined;
  if (first.tag !== tags.sequence) return undefined;
  if (second.tag === tags.octetString) return "ENCRYPTED PRIVATE KEY";
  if (second.tag === tags.bitString) return "PUBLIC KEY";
  return third?.tag === tags.bitString ? signed(first) : undefined;
}

/** What begins with a version: the keys, and PKCS#12, whose version is 3. */
function numbered(version: DerElement, second: DerElement, third: DerElement | undefined) {
  if (second.tag === tags.octetString) return "EC PRIVATE KEY";
  if (second.tag === tags.integer) return third?.tag === tags.integer ? "RSA PRIVATE KEY" : undefined;
  if (second.tag !== tags.sequence) return undefined;
  if (third?.tag === tags.octetString) return "PRIVATE KEY";
  const isPfx = version.contents.length === 1 && version.contents[0] === 3;
  return isPfx && firstChildren(second, 1)[0]?.tag === tags.oid ? "PKCS12" : undefined;
}

function isSignedData(type: DerElement): boolean {
  return oidText(type.contents) === "1.2.840.113549.1.7.2";
}

/**
 * What a CA or an applicant signed, by what is in it: a certificate has its serial number before the names, a list
 * has a time where a certificate has its dates, and a request has neither.
 */
function signed(contents: DerElement): DerKind | undefined {
  const all = firstChildren(contents, 5);
  if (all[0]?.tag === 0xa0) return "CERTIFICATE";
  const parts = all[0]?.tag === tags.integer ? all.slice(1) : all;
  const [first, second, third] = parts;
  if (third?.tag === tags.utcTime || third?.tag === tags.generalizedTime) return "X509 CRL";
  // Version 1: serial number, algorithm, issuer, dates. A request: version, subject, key, attributes.
  if (parts.length === 4 && isValidity(third)) return "CERTIFICATE";
  if (first?.tag === tags.sequence && second?.tag === tags.sequence && third?.tag === 0xa0)
    return "CERTIFICATE REQUEST";
  return undefined;
}

function isValidity(element: DerElement | undefined): boolean {
  const tag = firstChildren(element, 1)[0]?.tag;
  return tag === tags.utcTime || tag === tags.generalizedTime;
}
