import "server-only";
import type tls from "node:tls";
import { addressBytes } from "./address-bytes.ts";

export interface NameCheck {
  readonly matches: boolean;
  /** What the certificate was looked at for, in the order it was looked at. */
  readonly names: readonly string[];
}

/**
 * Whether a certificate is for this host, by libpq's rules and not by Node's, which differ: see
 * fe-secure-common.c and fe-secure-openssl.c of PostgreSQL (https://www.postgresql.org/docs/18/libpq-ssl.html).
 *
 * - Every dNSName and iPAddress is tried. A dNSName may also hold the text of an IP address.
 * - The first common name counts only when there is no alternative name of the host's own kind.
 * - `*.` may stand for one whole label at the start, nothing else; `*.test` is allowed.
 * - Letters are compared without case in ASCII only; a trailing dot is significant.
 * - A name with a NUL in it, or an address of a wrong length, spoils the certificate.
 *
 * @param host        as the person gave it: a name or an address, never what it resolved to
 * @param certificate the server's own, as Node shows it (`toLegacyObject()` of an `X509Certificate`)
 */
export function checkServerName(
  host: string,
  certificate: {
    readonly subject?: tls.PeerCertificate["subject"];
    readonly subjectaltname?: string | undefined;
  },
): NameCheck {
  const wanted = addressBytes(host);
  const commonName = firstCommonName(certificate.subject);
  const names: string[] = [];
  let useCommonName = true;
  for (const { type, value } of parseSubjectAltName(certificate.subjectaltname ?? "")) {
    if (type === "DNS") {
      if (wanted === null) useCommonName = false;
      names.push(value);
      if (value.includes("\0")) return { matches: false, names };
      if (nameMatches(value, host)) return { matches: true, names };
    } else if (type === "IP Address") {
      if (wanted !== null) useCommonName = false;
      names.push(value);
      const address = addressBytes(value);
      if (address === null) return { matches: false, names };
      if (wanted !== null && sameBytes(address, wanted)) return { matches: true, names };
    }
  }
  if (useCommonName && commonName !== undefined) {
    names.push(commonName);
    if (nameMatches(commonName, host)) return { matches: true, names };
  }
  return { matches: false, names };
}

/**
 * Reads Node's text of a subjectAltName: `DNS:a.test, IP Address:192.0.2.1, DNS:"odd, \"name\""`. A value with
 * anything unusual in it is written as a JSON string (Node's answer to CVE-2021-44532), so commas are safe.
 */
export function parseSubjectAltName(text: string): { readonly type: string; readonly value: string }[] {
  const found: { type: string; value: string }[] = [];
  let at = 0;
  while (at < text.length) {
    const colon = text.indexOf(":", at);
    if (colon === -1) break;
    const type = text.slice(at, colon);
    const quoted = text[colon + 1] === '"';
    const end = quoted ? endOfJsonString(text, colon + 1) : endOfPlainValue(text, colon + 1);
    const raw = text.slice(colon + 1, end);
    found.push({ type, value: quoted ? unquote(raw) : raw });
    at = end + 2;
  }
  return found;
}

function endOfPlainValue(text: string, start: number): number {
  const comma = text.indexOf(", ", start);
  return comma === -1 ? text.length : comma;
}

/** The place after the closing quote. */
function endOfJsonString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** A text that is no JSON after all gets a NUL, which no host name matches. */
function unquote(raw: string): string {
  try {
    return String(JSON.parse(raw));
  } catch {
    return `${raw}\0`;
  }
}

/** Certificates may carry several common names; libpq looks at the first. */
function firstCommonName(subject: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const names = subject?.CN;
  const first: unknown = Array.isArray(names) ? names[0] : names;
  return typeof first === "string" ? first : undefined;
}

function nameMatches(certificateName: string, host: string): boolean {
  const name = asciiLowerCase(certificateName);
  const wanted = asciiLowerCase(host);
  if (name.includes("\0") || wanted === "") return false;
  return name === wanted || wildcardMatches(name, wanted);
}

function wildcardMatches(pattern: string, host: string): boolean {
  if (pattern.length < 3 || !pattern.startsWith("*.") || pattern.length > host.length) return false;
  if (!host.endsWith(pattern.slice(1))) return false;
  return host.indexOf(".") >= host.length - pattern.length;
}

/** `toLowerCase` also folds letters such as the Kelvin sign, which is no `k`. */
function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
