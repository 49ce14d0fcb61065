import "server-only";
// First, because the next import asks for it while it loads.
import "./reflect-metadata.ts";
import {
  createPrivateKey,
  type KeyPairKeyObjectResult,
  X509Certificate as NodeCertificate,
} from "node:crypto";
import * as x509 from "@peculiar/x509";

/** What a sample key can be; `ec` (P-256) is made in a millisecond, an RSA key takes a hundred. */
export const keyKinds = ["ec", "ec-p384", "rsa-512", "rsa-1024", "rsa-2048", "ed25519"] as const;
export type KeyKind = (typeof keyKinds)[number];

export type Hash = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

export type Purpose = "serverAuth" | "clientAuth" | "codeSigning";

export interface CertificateOptions {
  /** Common names of the subject, in order; most certificates have one, some have several, some none. */
  readonly commonNames?: readonly string[];
  readonly organization?: string;
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  readonly email?: readonly string[];
  /** Default: a day ago. */
  readonly notBefore?: Date;
  /** Default: 90 days ahead, ten years for a CA. */
  readonly notAfter?: Date;
  /** Extended key usage; left out, the certificate carries none and may be used for anything. */
  readonly purposes?: readonly Purpose[];
  readonly ca?: boolean;
  readonly pathLength?: number;
  readonly key?: KeyKind;
  /** More extensions, as they stand in the certificate. */
  readonly extensions?: readonly RawExtension[];
  /** Left out, the key usage goes with what the certificate is for. */
  readonly keyUsage?: readonly ("digitalSignature" | "keyCertSign")[];
  /** A key that Web Crypto does not know, as one on a Brainpool curve: for a certificate that issues no others. */
  readonly foreignKey?: KeyPairKeyObjectResult;
  /** Hash of the signature. Ed25519 has its own. */
  readonly hash?: Hash;
  /** Who signs; left out, it signs itself. */
  readonly issuer?: SampleCertificate;
  /** Signs with this certificate's key in place of a new one: renewed and cross-signed certificates. */
  readonly keysOf?: SampleCertificate;
}

/** An extension of any kind (RFC 5280 section 4.2). */
export interface RawExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** DER of its content. */
  readonly value: Uint8Array<ArrayBuffer>;
}

export interface SampleCertificate {
  /** This certificate alone. */
  readonly pem: string;
  /** This certificate, then its issuers, without the self-signed root: what a server sends. */
  readonly chainPem: string;
  /** PKCS#8, not encrypted. */
  readonly keyPem: string;
  readonly der: Buffer<ArrayBuffer>;
  readonly x509: NodeCertificate;
  readonly keys: CryptoKeyPair;
  readonly issuer: SampleCertificate | undefined;
}

/**
 * Makes a certificate and its key: a root (`ca`, no issuer), an intermediate (`ca`, issuer), a leaf, or a
 * self-signed leaf (no issuer). Profile as RFC 5280 section 4.2: key identifiers on all, key usage by kind.
 */
export async function makeCertificate(options: CertificateOptions = {}): Promise<SampleCertificate> {
  const kind = options.key ?? "ec";
  const keys = options.keysOf?.keys ?? (await generateKeys(kind, options.hash ?? "SHA-256"));
  const signingKeys = options.issuer?.keys ?? keys;
  const subject = subjectName(options);
  const { foreignKey } = options;
  const publicKey =
    foreignKey === undefined
      ? keys.publicKey
      : new x509.PublicKey(new Uint8Array(foreignKey.publicKey.export({ type: "spki", format: "der" })));
  const made = await x509.X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject,
    issuer: options.issuer ? issuerName(options.issuer) : subject,
    notBefore: options.notBefore ?? daysFromNow(-1),
    notAfter: options.notAfter ?? daysFromNow(options.ca ? 3650 : 90),
    publicKey,
    signingKey: signingKeys.privateKey,
    signingAlgorithm: signingAlgorithm(signingKeys, options.hash ?? "SHA-256"),
    extensions: await extensions(options, publicKey, signingKeys),
  });
  const der = Buffer.from(made.rawData);
  const pem = pemOf("CERTIFICATE", der);
  return {
    pem,
    chainPem: pem + issuersPem(options.issuer),
    keyPem:
      foreignKey === undefined
        ? await keyPemOf(keys)
        : foreignKey.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    der,
    x509: new NodeCertificate(der),
    keys,
    issuer: options.issuer,
  };
}

export interface CrlOptions {
  readonly issuer: SampleCertificate;
  readonly revoked?: readonly SampleCertificate[];
  /** Default: a day ago. */
  readonly thisUpdate?: Date;
  /** Default: 30 days ahead. */
  readonly nextUpdate?: Date;
}

/** Makes a revocation list (RFC 5280 section 5), signed by the issuer of what it revokes. */
export async function makeCrl(
  options: CrlOptions,
): Promise<{ readonly pem: string; readonly der: Buffer<ArrayBuffer> }> {
  const made = await x509.X509CrlGenerator.create({
    issuer: issuerName(options.issuer),
    thisUpdate: options.thisUpdate ?? daysFromNow(-1),
    nextUpdate: options.nextUpdate ?? daysFromNow(30),
    signingKey: options.issuer.keys.privateKey,
    signingAlgorithm: signingAlgorithm(options.issuer.keys, "SHA-256"),
    entries: (options.revoked ?? []).map(({ x509: certificate }) => ({
      serialNumber: certificate.serialNumber,
      revocationDate: daysFromNow(-1),
      reason: x509.X509CrlReason.keyCompromise,
    })),
    extensions: [await x509.AuthorityKeyIdentifierExtension.create(options.issuer.keys.publicKey)],
  });
  const der = Buffer.from(made.rawData);
  return { pem: pemOf("X509 CRL", der), der };
}

/** The forms in which people keep a private key; the encrypted ones need a passphrase. */
export type KeyForm = "pkcs8" | "pkcs1" | "sec1";

/**
 * Writes a PKCS#8 key again in another form, encrypted (AES-256-CBC) when a passphrase is given.
 * `pkcs1` takes RSA keys only and `sec1` EC keys only, as OpenSSL does.
 */
export function rewriteKey(keyPem: string, form: KeyForm, passphrase?: string): string {
  const encryption = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  const text = createPrivateKey(keyPem).export({ type: form, format: "pem", ...encryption });
  return text.toString();
}

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * 86_400_000);
}

const keyAlgorithms = {
  ec: { name: "ECDSA", namedCurve: "P-256" },
  "ec-p384": { name: "ECDSA", namedCurve: "P-384" },
  "rsa-512": { name: "RSASSA-PKCS1-v1_5", modulusLength: 512, publicExponent: Uint8Array.of(1, 0, 1) },
  "rsa-1024": { name: "RSASSA-PKCS1-v1_5", modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1) },
  "rsa-2048": { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
  ed25519: { name: "Ed25519" },
} as const;

/** An RSA key of Web Crypto is bound to one hash, so the hash is chosen with the key. */
async function generateKeys(kind: KeyKind, hash: Hash): Promise<CryptoKeyPair> {
  const keys = await crypto.subtle.generateKey({ ...keyAlgorithms[kind], hash }, true, ["sign", "verify"]);
  if (keys instanceof CryptoKey) throw new Error(`${kind} did not give a pair of keys`);
  return keys;
}

function signingAlgorithm(keys: CryptoKeyPair, hash: Hash) {
  return { name: keys.privateKey.algorithm.name, hash };
}

function subjectName(options: CertificateOptions): x509.JsonName {
  const organization = options.organization === undefined ? [] : [{ O: [options.organization] }];
  return [...organization, ...(options.commonNames ?? []).map((name) => ({ CN: [name] }))];
}

function issuerName(issuer: SampleCertificate): x509.Name {
  return new x509.X509Certificate(issuer.der).subjectName;
}

/** 15 random bytes with a leading 01: positive, never shortened by DER. */
function randomSerial(): string {
  return `01${Buffer.from(crypto.getRandomValues(new Uint8Array(15))).toString("hex")}`;
}

async function extensions(
  options: CertificateOptions,
  publicKey: CryptoKey | x509.PublicKey,
  signingKeys: CryptoKeyPair,
): Promise<x509.Extension[]> {
  const names = [
    ...(options.dns ?? []).map((value) => ({ type: "dns" as const, value })),
    ...(options.ip ?? []).map((value) => ({ type: "ip" as const, value })),
    ...(options.email ?? []).map((value) => ({ type: "email" as const, value })),
  ];
  const list: x509.Extension[] = [
    new x509.BasicConstraintsExtension(options.ca ?? false, options.pathLength, true),
    new x509.KeyUsagesExtension(keyUsage(options), true),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(signingKeys.publicKey),
  ];
  for (const { oid, critical, value } of options.extensions ?? [])
    list.push(new x509.Extension(oid, critical, value));
  if (options.purposes) {
    list.push(new x509.ExtendedKeyUsageExtension(options.purposes.map((one) => purposeIds[one])));
  }
  // RFC 5280 4.2.1.6: critical when the subject is empty.
  if (names.length > 0) {
    list.push(new x509.SubjectAlternativeNameExtension(names, subjectName(options).length === 0));
  }
  return list;
}

const purposeIds = {
  serverAuth: x509.ExtendedKeyUsage.serverAuth,
  clientAuth: x509.ExtendedKeyUsage.clientAuth,
  codeSigning: x509.ExtendedKeyUsage.codeSigning,
} as const satisfies Record<Purpose, string>;

function keyUsage(options: CertificateOptions): x509.KeyUsageFlags {
  if (options.keyUsage !== undefined)
    return options.keyUsage.reduce<number>((flags, name) => flags | x509.KeyUsageFlags[name], 0);
  if (options.ca) return x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
  return options.key?.startsWith("rsa")
    ? x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment
    : x509.KeyUsageFlags.digitalSignature;
}

function issuersPem(issuer: SampleCertificate | undefined): string {
  if (issuer?.issuer === undefined) return "";
  return issuer.pem + issuersPem(issuer.issuer);
}

async function keyPemOf(keys: CryptoKeyPair): Promise<string> {
  return pemOf("PRIVATE KEY", Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey)));
}

function pemOf(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
