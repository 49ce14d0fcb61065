import "server-only";
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { children, type DerElement, oidText, readElement, tags } from "./der.ts";
import type { KeyFacts } from "./material.ts";
import { type PemBlock, pemBlocks } from "./pem-kind.ts";

/** A private key as far as it could be opened. The key itself stays on the server. */
export interface OpenedKey {
  readonly facts: KeyFacts;
  readonly key?: KeyObject;
  /** Why it is not open. */
  readonly problem?: Problem;
}

/**
 * A block of a private key as far as it is open: PKCS#1, SEC1 or PKCS#8. An encrypted one comes back with its facts and
 * `key-passphrase-missing`, or with `key-cipher-unsupported` where OpenSSL has put its cipher away; `unlockKey` opens it.
 */
export function openKey(block: PemBlock): OpenedKey {
  const facts: KeyFacts = { kind: kinds[block.label] ?? block.label, encrypted: block.encrypted };
  if (!block.encrypted) return openPlain(block, facts);
  const cipher = cipherOf(block);
  return putAway.has(cipher)
    ? { facts, problem: problem("key-cipher-unsupported", { cipher }) }
    : { facts, problem: problem("key-passphrase-missing") };
}

/**
 * The certificates with the one first that belongs to the key, where TLS expects it. Unchanged when it is first
 * already, or when none belongs.
 */
export function leafFirst(certificates: string, key: KeyObject | undefined): string {
  const blocks = pemBlocks(certificates).filter((block) => block.kind === "certificate");
  if (key === undefined || blocks.length < 2) return certificates;
  const leaf = blocks.findIndex((block) => belongsTo(block, key));
  if (leaf < 1) return certificates;
  return [blocks[leaf], ...blocks.slice(0, leaf), ...blocks.slice(leaf + 1)]
    .map((block) => block?.pem ?? "")
    .join("");
}

/** Whether the key belongs to one of the certificates; undefined when the text holds none that can be read. */
export function keyBelongs(certificates: string, key: KeyObject): boolean | undefined {
  const answers = pemBlocks(certificates)
    .filter((block) => block.kind === "certificate")
    .map((block) => belongsTo(block, key))
    .filter((answer) => answer !== undefined);
  return answers.length === 0 ? undefined : answers.includes(true);
}

const kinds: Readonly<Record<string, string>> = {
  "RSA PRIVATE KEY": "PKCS#1",
  "EC PRIVATE KEY": "SEC1",
  "PRIVATE KEY": "PKCS#8",
  "ENCRYPTED PRIVATE KEY": "PKCS#8",
  "OPENSSH PRIVATE KEY": "OpenSSH",
};

function openPlain(block: PemBlock, facts: KeyFacts): OpenedKey {
  try {
    const key = createPrivateKey({ key: block.pem, format: "pem" });
    return { facts: { ...facts, description: keyDescription(key) }, key };
  } catch {
    return { facts, problem: problem("pem-unusable", { cause: "contents", label: block.label }) };
  }
}

/** `RSA 2048`, `EC P-256`, `Ed25519`: the same words as for a certificate's key. */
function keyDescription(key: KeyObject): string {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case "rsa":
      return `RSA ${modulusLength}`;
    case "rsa-pss":
      return `RSA-PSS ${modulusLength}`;
    case "dsa":
      return `DSA ${modulusLength}`;
    case "ec":
      return `EC ${curveNames[namedCurve ?? ""] ?? namedCurve ?? "explicit parameters"}`;
    case "ed25519":
      return "Ed25519";
    case "ed448":
      return "Ed448";
    default:
      return (key.asymmetricKeyType ?? "?").toUpperCase();
  }
}

const curveNames: Readonly<Record<string, string>> = {
  prime192v1: "P-192",
  prime256v1: "P-256",
  secp224r1: "P-224",
  secp384r1: "P-384",
  secp521r1: "P-521",
};

function cipherOf(block: PemBlock): string {
  const dek = /DEK-Info: ([A-Za-z0-9-]+)/.exec(block.pem)?.[1];
  if (dek !== undefined) return dek;
  const base64 = block.pem.split("\n").slice(1, -2).join("");
  const algorithm = children(readElement(Buffer.from(base64, "base64")))[0];
  const oids = everything(algorithm).filter((element) => element.tag === tags.oid);
  const names = oids
    .map((element) => cipherNames[oidText(element.contents)])
    .filter((name) => name !== undefined);
  return names.at(-1) ?? (oids[0] ? oidText(oids[0].contents) : "?");
}

function everything(element: DerElement | undefined): readonly DerElement[] {
  if (element === undefined) return [];
  return [element, ...(element.tag === tags.sequence ? children(element).flatMap(everything) : [])];
}

const cipherNames: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.5.1": "PBE-MD2-DES",
  "1.2.840.113549.1.5.3": "PBE-MD5-DES",
  "1.2.840.113549.1.5.4": "PBE-MD2-RC2-64",
  "1.2.840.113549.1.5.6": "PBE-MD5-RC2-64",
  "1.2.840.113549.1.5.10": "PBE-SHA1-DES",
  "1.2.840.113549.1.5.11": "PBE-SHA1-RC2-64",
  "1.2.840.113549.1.12.1.1": "PBE-SHA1-RC4-128",
  "1.2.840.113549.1.12.1.2": "PBE-SHA1-RC4-40",
  "1.2.840.113549.1.12.1.3": "PBE-SHA1-3DES",
  "1.2.840.113549.1.12.1.5": "PBE-SHA1-RC2-128",
  "1.2.840.113549.1.12.1.6": "PBE-SHA1-RC2-40",
  "1.2.840.113549.3.2": "RC2-CBC",
  "1.2.840.113549.3.7": "DES-EDE3-CBC",
  "1.3.14.3.2.7": "DES-CBC",
  "2.16.840.1.101.3.4.1.2": "AES-128-CBC",
  "2.16.840.1.101.3.4.1.22": "AES-192-CBC",
  "2.16.840.1.101.3.4.1.42": "AES-256-CBC",
};

/** Known by name before any passphrase is asked for: OpenSSL 3 has them in its legacy provider only. */
const putAway: ReadonlySet<string> = new Set([
  "PBE-MD2-DES",
  "PBE-MD5-DES",
  "PBE-MD2-RC2-64",
  "PBE-MD5-RC2-64",
  "PBE-SHA1-DES",
  "PBE-SHA1-RC2-64",
  "PBE-SHA1-RC4-128",
  "PBE-SHA1-RC4-40",
  "PBE-SHA1-RC2-128",
  "PBE-SHA1-RC2-40",
  "RC2-CBC",
  "RC2-40-CBC",
  "RC2-64-CBC",
  "DES-CBC",
]);

function belongsTo(block: PemBlock, key: KeyObject): boolean | undefined {
  try {
    return new X509Certificate(block.pem).checkPrivateKey(key);
  } catch {
    return undefined;
  }
}
