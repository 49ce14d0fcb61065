import "server-only";
import { createHash, X509Certificate } from "node:crypto";
import { keyText, signatureText } from "./certificate-algorithms.ts";
import { children, type DerElement, oidText, readElement, setBits, tags, timeOf } from "./der.ts";
import { nameText, visible } from "./distinguished-name.ts";
import type { CertificateFacts } from "./material.ts";

/**
 * What a certificate says of itself, for people. Cheap (some 50 µs: one walk through its DER, no signature is
 * checked; once for each X509Certificate), so that every connection can afford it for its whole chain.
 * @param certificate the certificate, or its DER
 * @param now         the moment that `daysLeft` counts from
 * Never throws on a certificate that OpenSSL could read.
 */
export function describeCertificate(certificate: X509Certificate | Uint8Array, now: Date): CertificateFacts {
  const facts = lastingFacts(certificate);
  const daysLeft = Math.floor((Date.parse(facts.notAfter) - now.getTime()) / 86_400_000);
  return { ...facts, daysLeft: daysLeft || 0 };
}

/** All but what the day changes. */
type LastingFacts = Omit<CertificateFacts, "daysLeft">;

const described = new WeakMap<X509Certificate, LastingFacts>();

function lastingFacts(certificate: X509Certificate | Uint8Array): LastingFacts {
  if (certificate instanceof Uint8Array) return fromDer(certificate) ?? fromOpenSsl(certificate);
  const facts = described.get(certificate) ?? fromDer(certificate.raw) ?? fromOpenSsl(certificate);
  described.set(certificate, facts);
  return facts;
}

/** RFC 5280, 4.1. */
function fromDer(der: Uint8Array): LastingFacts | undefined {
  const whole = readElement(der);
  const [tbs, algorithm] = children(whole);
  const all = children(tbs);
  // The version is left out of version 1 certificates.
  const [serial, , issuer, validity, subject, spki, ...rest] = all[0]?.tag === 0xa0 ? all.slice(1) : all;
  const [from, until] = children(validity);
  const notBefore = timeOf(from);
  const notAfter = timeOf(until);
  if (!whole || !serial || !issuer || !subject || !spki || Number.isNaN(notBefore + notAfter))
    return undefined;
  const extensions = extensionsOf(rest.find((element) => element.tag === 0xa3));
  return {
    subject: nameText(subject),
    issuer: nameText(issuer),
    sans: subjectAltNames(extensions.get("2.5.29.17")),
    serial: serialText(serial.contents),
    ...dates(notBefore, notAfter),
    key: keyText(spki),
    signature: signatureText(algorithm),
    sha256: fingerprint(whole.whole),
    selfSigned: isSelfSigned(subject, issuer, extensions),
    ca: isAuthority(extensions.get("2.5.29.19")),
    keyUsage: keyUsages(extensions.get("2.5.29.15")),
    extendedKeyUsage: extendedKeyUsages(extensions.get("2.5.29.37")),
    pem: pemOf(whole.whole),
  };
}

const empty = new Uint8Array(0);

/** By OID; the contents are the DER inside the OCTET STRING. */
function extensionsOf(wrapped: DerElement | undefined): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const extension of children(children(wrapped)[0])) {
    const parts = children(extension);
    const value = parts.at(-1);
    if (parts[0] && value?.tag === tags.octetString) found.set(oidText(parts[0].contents), value.contents);
  }
  return found;
}

/** The names a certificate is for: DNS names and addresses, and the other kinds that have a short form. */
function subjectAltNames(extension: Uint8Array | undefined): readonly string[] {
  return children(readElement(extension ?? empty)).flatMap((name) => {
    const text = () => visible(new TextDecoder("latin1").decode(name.contents));
    if (name.tag === 0x82) return [`DNS:${text()}`];
    if (name.tag === 0x87) return [`IP:${addressText(name.contents)}`];
    if (name.tag === 0x81) return [`email:${text()}`];
    if (name.tag === 0x86) return [`URI:${text()}`];
    return [];
  });
}

/** Four octets dotted, sixteen as RFC 5952 writes them; anything else, which no reader accepts, in hexadecimal. */
function addressText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join(".");
  const hex = Buffer.from(octets).toString("hex");
  if (octets.length !== 16) return hex;
  return new URL(`http://[${hex.match(/.{4}/g)?.join(":")}]/`).hostname.slice(1, -1);
}

/** As OpenSSL and Node write it: upper-case hexadecimal, whole octets, no sign octet; nought as one figure. */
function serialText(integer: Uint8Array): string {
  const hex = Buffer.from(integer).toString("hex").toUpperCase();
  return hex.replace(/^(00)+(?=..)/, "").replace(/^00$/, "0");
}

function dates(notBefore: number, notAfter: number) {
  const iso = (time: number) => (Number.isNaN(time) ? "" : new Date(time).toISOString());
  return { notBefore: iso(notBefore), notAfter: iso(notAfter) };
}

/** Upper-case hex pairs with colons. */
function fingerprint(der: Uint8Array): string {
  const hex = createHash("sha256").update(der).digest("hex").toUpperCase();
  return hex.replace(/..(?!$)/g, "$&:");
}

/** As OpenSSL decides it: same names, and key identifiers that do not contradict. The signature is not checked. */
function isSelfSigned(
  subject: DerElement,
  issuer: DerElement,
  extensions: ReadonlyMap<string, Uint8Array>,
): boolean {
  if (Buffer.compare(subject.whole, issuer.whole) !== 0) return false;
  const own = readElement(extensions.get("2.5.29.14") ?? empty)?.contents;
  const authority = children(readElement(extensions.get("2.5.29.35") ?? empty));
  const signer = authority.find((element) => element.tag === 0x80)?.contents;
  return own === undefined || signer === undefined || Buffer.compare(own, signer) === 0;
}

/** basicConstraints (RFC 5280, 4.2.1.9): `cA` is false when it is left out. */
function isAuthority(extension: Uint8Array | undefined): boolean {
  const first = children(readElement(extension ?? empty))[0];
  return first?.tag === tags.boolean && first.contents[0] !== 0;
}

function keyUsages(extension: Uint8Array | undefined): readonly string[] {
  const bits = setBits(readElement(extension ?? empty)?.contents ?? empty);
  return bits.flatMap((bit) => usageNames[bit] ?? []);
}

/** RFC 5280, 4.2.1.3. */
const usageNames = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
] as const;

function extendedKeyUsages(extension: Uint8Array | undefined): readonly string[] {
  return children(readElement(extension ?? empty)).map((purpose) => {
    const oid = oidText(purpose.contents);
    return purposes[oid] ?? oid;
  });
}

/** RFC 5280, 4.2.1.12. */
const purposes: Readonly<Record<string, string>> = {
  "2.5.29.37.0": "anyExtendedKeyUsage",
  "1.3.6.1.5.5.7.3.1": "serverAuth",
  "1.3.6.1.5.5.7.3.2": "clientAuth",
  "1.3.6.1.5.5.7.3.3": "codeSigning",
  "1.3.6.1.5.5.7.3.4": "emailProtection",
  "1.3.6.1.5.5.7.3.8": "timeStamping",
  "1.3.6.1.5.5.7.3.9": "OCSPSigning",
};

/** The certificate as one PEM block: LF, 64 columns. */
function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** For what OpenSSL reads though it is not DER: fewer facts, none of them wrong. */
function fromOpenSsl(certificate: X509Certificate | Uint8Array): LastingFacts {
  const x509 = certificate instanceof Uint8Array ? new X509Certificate(certificate) : certificate;
  const line = (name: string) => visible(name.split("\n").reverse().join(", "));
  return {
    subject: line(x509.subject),
    issuer: line(x509.issuer),
    sans: [],
    serial: x509.serialNumber,
    ...dates(Date.parse(x509.validFrom), Date.parse(x509.validTo)),
    key: x509.publicKey.asymmetricKeyType?.toUpperCase() ?? "?",
    signature: "?",
    sha256: x509.fingerprint256,
    selfSigned: x509.checkIssued(x509),
    ca: x509.ca,
    keyUsage: [],
    extendedKeyUsage: (x509.keyUsage ?? []).map((oid) => purposes[oid] ?? oid),
    pem: x509.toString(),
  };
}
