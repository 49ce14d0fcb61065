import "server-only";
import { createDecipheriv, hash, pbkdf2, type ScryptOptions, scrypt } from "node:crypto";
import { promisify } from "node:util";
import type { Secret } from "#lib/secret.ts";
import { children, type DerElement, oidText, tags } from "./der.ts";
import { deriveInTurn, type RequestBudget } from "./request-budget.ts";

export type Decrypted =
  | { readonly state: "open"; readonly bytes: Uint8Array }
  /** With this password it gives nothing: the password is another one, or the data is damaged. */
  | { readonly state: "shut" }
  | { readonly state: "unsupported"; readonly cipher: string }
  /** Its derivation asks for more than any request may spend, or for more than this one has left. */
  | { readonly state: "too-costly"; readonly rounds: number; readonly short: "alone" | "together" };

/** A derivation that was not made because of what it would cost. */
export class TooCostly {
  readonly rounds: number;
  readonly short: "alone" | "together";
  constructor(rounds: number, budget: RequestBudget) {
    this.rounds = rounds;
    this.short = budget.shortfall(rounds);
  }
}

/**
 * Decrypts what was encrypted with a password: PBES2 (RFC 8018, 6.2) with PBKDF2 or scrypt and AES or 3DES, and
 * PKCS#12's own scheme with 3DES (RFC 7292, appendix B). Key derivation runs off the thread that answers requests,
 * or in slices, one at a time in this process; one that the request cannot afford is not made (`too-costly`).
 * @param algorithm the AlgorithmIdentifier
 */
export async function decryptWithPassword(
  algorithm: DerElement | undefined,
  encrypted: Uint8Array,
  password: Secret,
  budget: RequestBudget,
): Promise<Decrypted> {
  const [scheme, parameters] = children(algorithm);
  const oid = scheme?.tag === tags.oid ? oidText(scheme.contents) : "?";
  const made =
    oid === pbes2
      ? await pbes2Key(parameters, password, budget)
      : await pbeKey(oid, parameters, password, budget);
  if (made instanceof TooCostly) return { state: "too-costly", rounds: made.rounds, short: made.short };
  if ("cipher" in made) return { state: "unsupported", cipher: made.cipher };
  try {
    const decipher = createDecipheriv(made.name, made.key, made.iv);
    return { state: "open", bytes: Buffer.concat([decipher.update(encrypted), decipher.final()]) };
  } catch {
    return { state: "shut" };
  }
}

export interface Pkcs12KeyAsked {
  readonly digest: string;
  /** 1 for a key, 2 for an initialisation vector, 3 for a MAC (RFC 7292, B.3). */
  readonly purpose: 1 | 2 | 3;
  readonly salt: Uint8Array;
  readonly rounds: number;
  /** Bytes wanted. */
  readonly size: number;
  /** A password of no characters is written as one zero by some programs and as nothing by others. */
  readonly bare?: boolean;
}

/** PKCS#12's key derivation (RFC 7292, B.2); undefined for a digest or a number of rounds that nobody uses. */
export async function pkcs12Key(
  asked: Pkcs12KeyAsked,
  password: Secret,
  budget: RequestBudget,
): Promise<Buffer | TooCostly | undefined> {
  const { digest, purpose, rounds, size } = asked;
  const block = digest === "sha384" || digest === "sha512" ? 128 : 64;
  const output = digestSizes[digest];
  if (output === undefined || !(rounds >= 1)) return undefined;
  const turns = Math.ceil(size / output);
  // Rounds in slices on this thread cost about four times what they cost elsewhere.
  const cost = rounds * turns * 4;
  if (!budget.affords(cost)) return new TooCostly(cost, budget);
  const input = Buffer.concat([
    stretched(asked.salt, block),
    stretched(bmpText(password, asked.bare === true), block),
  ]);
  const diversifier = Buffer.alloc(block, purpose);
  return deriveInTurn(cost, async () => {
    const parts: Buffer[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      let part = hash(digest, Buffer.concat([diversifier, input]), "buffer");
      for (let round = 1; round < rounds; round += 1) {
        part = hash(digest, part, "buffer");
        if (round % 1024 === 0) await budget.yieldThread();
      }
      parts.push(part);
      addToBlocks(input, stretched(part, block).subarray(0, block), block);
    }
    return Buffer.concat(parts).subarray(0, size);
  });
}

/** PBKDF2 as an AlgorithmIdentifier asks for it (RFC 8018, A.2); undefined when it is another one. */
export async function pbkdf2Key(
  algorithm: DerElement | undefined,
  size: number,
  password: Secret,
  budget: RequestBudget,
): Promise<Buffer | TooCostly | undefined> {
  const [name, parameters] = children(algorithm);
  if (name?.tag !== tags.oid || oidText(name.contents) !== "1.2.840.113549.1.5.12") return undefined;
  const [salt, rounds, ...rest] = children(parameters);
  const prf = rest.find((part) => part.tag === tags.sequence);
  const prfName = children(prf)[0];
  const digest = prfName === undefined ? "sha1" : prfDigests[oidText(prfName.contents)];
  const count = numberOf(rounds);
  if (salt?.tag !== tags.octetString || digest === undefined || !(count >= 1)) return undefined;
  // Each piece of the key, as long as the digest, takes all rounds.
  const cost = count * Math.ceil(size / (digestSizes[digest] ?? 20));
  if (!budget.affords(cost)) return new TooCostly(cost, budget);
  return deriveInTurn(cost, () => promisify(pbkdf2)(password.reveal(), salt.contents, count, size, digest));
}

/** A small INTEGER; NaN when it is none, or too large to count with. */
export function numberOf(element: DerElement | undefined): number {
  if (element?.tag !== tags.integer || element.contents.length > 6) return Number.NaN;
  if ((element.contents[0] ?? 0x80) >= 0x80) return Number.NaN;
  return element.contents.reduce((sum, octet) => sum * 256 + octet, 0);
}

const pbes2 = "1.2.840.113549.1.5.13";

interface Key {
  readonly name: string;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

interface NoKey {
  readonly cipher: string;
}

async function pbes2Key(
  parameters: DerElement | undefined,
  password: Secret,
  budget: RequestBudget,
): Promise<Key | NoKey | TooCostly> {
  const [derivation, encryption] = children(parameters);
  const [cipherName, iv] = children(encryption);
  const oid = cipherName?.tag === tags.oid ? oidText(cipherName.contents) : "?";
  const cipher = ciphers[oid];
  if (cipher === undefined || iv?.tag !== tags.octetString) return { cipher: otherCiphers[oid] ?? oid };
  const key =
    (await pbkdf2Key(derivation, cipher.size, password, budget)) ??
    (await scryptKey(derivation, cipher.size, password, budget));
  if (key instanceof TooCostly) return key;
  return key === undefined ? { cipher: "PBES2" } : { name: cipher.name, key, iv: iv.contents };
}

/** RFC 7914, 7. */
async function scryptKey(
  algorithm: DerElement | undefined,
  size: number,
  password: Secret,
  budget: RequestBudget,
): Promise<Buffer | TooCostly | undefined> {
  const [name, parameters] = children(algorithm);
  if (name?.tag !== tags.oid || oidText(name.contents) !== "1.3.6.1.4.1.11591.4.11") return undefined;
  const [salt, ...numbers] = children(parameters);
  const [cost = Number.NaN, blockSize = Number.NaN, parallel = Number.NaN] = numbers.map(numberOf);
  if (salt?.tag !== tags.octetString || !(128 * cost * blockSize <= 64 * 1024 * 1024)) return undefined;
  const rounds = cost * blockSize * parallel * 2;
  if (!(rounds >= 1)) return undefined;
  if (!budget.affords(rounds)) return new TooCostly(rounds, budget);
  const options: ScryptOptions = { N: cost, r: blockSize, p: parallel, maxmem: 80 * 1024 * 1024 };
  try {
    return await deriveInTurn(
      rounds,
      () =>
        new Promise<Buffer>((resolve, reject) =>
          scrypt(password.reveal(), salt.contents, size, options, (error, key) =>
            error ? reject(error) : resolve(key),
          ),
        ),
    );
  } catch {
    // Parameters that scrypt does not have, such as a cost that is no power of two.
    return undefined;
  }
}

async function pbeKey(
  oid: string,
  parameters: DerElement | undefined,
  password: Secret,
  budget: RequestBudget,
): Promise<Key | NoKey | TooCostly> {
  const scheme = pkcs12Schemes[oid];
  const [salt, count] = children(parameters);
  const rounds = numberOf(count);
  if (scheme === undefined || salt?.tag !== tags.octetString || Number.isNaN(rounds))
    return { cipher: otherCiphers[oid] ?? oid };
  const asked = { digest: "sha1", salt: salt.contents, rounds };
  const key = await pkcs12Key({ ...asked, purpose: 1, size: scheme.size }, password, budget);
  const iv = await pkcs12Key({ ...asked, purpose: 2, size: 8 }, password, budget);
  if (key instanceof TooCostly) return key;
  if (iv instanceof TooCostly) return iv;
  return key && iv ? { name: scheme.name, key, iv } : { cipher: otherCiphers[oid] ?? scheme.name };
}

const ciphers: Readonly<Record<string, { readonly name: string; readonly size: number }>> = {
  "2.16.840.1.101.3.4.1.2": { name: "aes-128-cbc", size: 16 },
  "2.16.840.1.101.3.4.1.22": { name: "aes-192-cbc", size: 24 },
  "2.16.840.1.101.3.4.1.42": { name: "aes-256-cbc", size: 32 },
  "1.2.840.113549.3.7": { name: "des-ede3-cbc", size: 24 },
  "1.2.392.200011.61.1.1.1.2": { name: "camellia-128-cbc", size: 16 },
  "1.2.392.200011.61.1.1.1.3": { name: "camellia-192-cbc", size: 24 },
  "1.2.392.200011.61.1.1.1.4": { name: "camellia-256-cbc", size: 32 },
  "1.2.410.200046.1.1.2": { name: "aria-128-cbc", size: 16 },
  "1.2.410.200046.1.1.7": { name: "aria-192-cbc", size: 24 },
  "1.2.410.200046.1.1.12": { name: "aria-256-cbc", size: 32 },
};

const pkcs12Schemes: Readonly<Record<string, { readonly name: string; readonly size: number }>> = {
  "1.2.840.113549.1.12.1.3": { name: "des-ede3-cbc", size: 24 },
  "1.2.840.113549.1.12.1.4": { name: "des-ede-cbc", size: 16 },
};

/** What is recognised, to be named, and not opened: OpenSSL 3 keeps these in its legacy provider. */
const otherCiphers: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.5.1": "PBE-MD2-DES",
  "1.2.840.113549.1.5.3": "PBE-MD5-DES",
  "1.2.840.113549.1.5.4": "PBE-MD2-RC2-64",
  "1.2.840.113549.1.5.6": "PBE-MD5-RC2-64",
  "1.2.840.113549.1.5.10": "PBE-SHA1-DES",
  "1.2.840.113549.1.5.11": "PBE-SHA1-RC2-64",
  "1.2.840.113549.1.12.1.1": "RC4-128",
  "1.2.840.113549.1.12.1.2": "RC4-40",
  "1.2.840.113549.1.12.1.3": "3DES",
  "1.2.840.113549.1.12.1.4": "3DES",
  "1.2.840.113549.1.12.1.5": "RC2-128",
  "1.2.840.113549.1.12.1.6": "RC2-40",
  "1.2.840.113549.3.2": "RC2",
  "1.3.14.3.2.7": "DES",
};

/** RFC 8018, B.1. */
const prfDigests: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.8": "sha224",
  "1.2.840.113549.2.9": "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};

const digestSizes: Readonly<Record<string, number>> = {
  sha1: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/** UTF-16, most significant byte first, with a zero at the end. */
function bmpText(password: Secret, bare: boolean): Buffer {
  if (bare) return Buffer.alloc(0);
  return Buffer.from(`${password.reveal()}\0`, "utf16le").swap16();
}

/** Repeated until it fills whole blocks; nothing stays nothing. */
function stretched(bytes: Uint8Array, block: number): Buffer {
  const size = Math.ceil(bytes.length / block) * block;
  return size === 0 ? Buffer.alloc(0) : Buffer.alloc(size, bytes);
}

/** Adds B + 1 to each block, modulo the block's size. */
function addToBlocks(input: Buffer, addend: Buffer, block: number): void {
  for (let from = 0; from < input.length; from += block) {
    let carry = 1;
    for (let at = block - 1; at >= 0; at -= 1) {
      const sum = (input[from + at] ?? 0) + (addend[at] ?? 0) + carry;
      input[from + at] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}
