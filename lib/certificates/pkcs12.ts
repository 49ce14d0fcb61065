import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { definiteLengths } from "./ber.ts";
import { children, type DerElement, oidText, readElement, tags } from "./der.ts";
import { decryptWithPassword, numberOf, pbkdf2Key, pkcs12Key, TooCostly } from "./password-encryption.ts";
import type { RequestBudget } from "./request-budget.ts";

/** What a PKCS#12 file holds, each as DER; the keys as plain PKCS#8. */
export interface Pkcs12Contents {
  readonly certificates: readonly Uint8Array[];
  readonly revocationLists: readonly Uint8Array[];
  readonly keys: readonly Uint8Array[];
}

/**
 * Opens a PKCS#12 file (`.p12`, `.pfx`; RFC 7292) that a password protects. Without password it is tried with the
 * empty one. Fails with `pkcs12-password-wrong` (`given` says whether there was one) or with `pkcs12-unsupported`,
 * which names the `cipher` where that is the reason (RC2 and RC4, which OpenSSL 3 has put away), or with
 * `key-too-costly` for more rounds than the request can afford.
 * @param bytes DER, or BER with open lengths
 */
export async function openPkcs12(
  bytes: Uint8Array,
  password: Secret | undefined,
  budget: RequestBudget,
): Promise<Result<Pkcs12Contents>> {
  const [, authSafe, macData] = children(read(bytes));
  const safe = octets(children(children(authSafe)[1])[0]);
  if (safe === undefined) return failed(problem("pkcs12-unsupported"));
  const given = password !== undefined && !password.isEmpty;
  const key = given ? password : new Secret("");
  const mac = await macAnswer(macData, safe, key, budget);
  if (mac instanceof TooCostly) return failed(problem("key-too-costly", { short: mac.short }));
  if (mac === "unsupported") return failed(problem("pkcs12-unsupported", { cipher: "MAC" }));
  if (mac === "wrong") return failed(problem("pkcs12-password-wrong", { given }));
  const found: Found = { certificates: [], revocationLists: [], keys: [] };
  for (const content of children(read(safe))) {
    const trouble = await unpackContent(content, key, budget, found);
    if (trouble === "shut") return failed(problem("pkcs12-password-wrong", { given }));
    if (trouble && "short" in trouble) return failed(problem("key-too-costly", trouble));
    if (trouble !== undefined) return failed(problem("pkcs12-unsupported", trouble));
  }
  return ok(found);
}

interface Found {
  readonly certificates: Uint8Array[];
  readonly revocationLists: Uint8Array[];
  readonly keys: Uint8Array[];
}

type Trouble = "shut" | { readonly cipher: string } | { readonly short: "alone" | "together" } | undefined;

const oids = {
  data: "1.2.840.113549.1.7.1",
  encryptedData: "1.2.840.113549.1.7.6",
  keyBag: "1.2.840.113549.1.12.10.1.1",
  shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
  certBag: "1.2.840.113549.1.12.10.1.3",
  crlBag: "1.2.840.113549.1.12.10.1.4",
  safeContentsBag: "1.2.840.113549.1.12.10.1.6",
  pbmac1: "1.2.840.113549.1.5.14",
} as const;

function read(bytes: Uint8Array): DerElement | undefined {
  const definite = definiteLengths(bytes);
  return definite && readElement(definite);
}

/** The contents of an OCTET STRING, of one with a tag of its own, or of one in pieces. */
function octets(element: DerElement | undefined): Uint8Array | undefined {
  if (element === undefined) return undefined;
  if (element.tag === tags.octetString || element.tag === 0x80) return element.contents;
  if (element.tag !== 0xa0) return undefined;
  return Buffer.concat(children(element).map((part) => part.contents));
}

/** A file without MAC (`macData` is optional) shows by its padding whether it was opened. */
async function macAnswer(
  macData: DerElement | undefined,
  safe: Uint8Array,
  password: Secret,
  budget: RequestBudget,
): Promise<"right" | "wrong" | "unsupported" | TooCostly> {
  if (macData === undefined) return "right";
  const [digestInfo, salt, count] = children(macData);
  const [algorithm, expected] = children(digestInfo);
  const [name, parameters] = children(algorithm);
  if (!name || expected?.tag !== tags.octetString || salt?.tag !== tags.octetString) return "unsupported";
  const matches = (digest: string, key: Buffer) => {
    const actual = createHmac(digest, key).update(safe).digest();
    return actual.length === expected.contents.length && timingSafeEqual(actual, expected.contents);
  };
  if (oidText(name.contents) === oids.pbmac1) {
    // RFC 9579: the key comes from PBKDF2, and the two algorithms stand in the parameters.
    const [derivation, hmac] = children(parameters);
    const hmacName = children(hmac)[0];
    const digest = hmacName && hmacDigests[oidText(hmacName.contents)];
    const length = numberOf(children(children(derivation)[1]).filter((one) => one.tag === tags.integer)[1]);
    const size = Number.isNaN(length) || length > 128 ? 32 : length;
    const key = digest && (await pbkdf2Key(derivation, size, password, budget));
    if (key instanceof TooCostly) return key;
    if (!digest || !key) return "unsupported";
    return matches(digest, key) ? "right" : "wrong";
  }
  const digest = digests[oidText(name.contents)];
  if (digest === undefined) return "unsupported";
  const rounds = count === undefined ? 1 : numberOf(count);
  const size = expected.contents.length;
  for (const bare of password.isEmpty ? [false, true] : [false]) {
    const asked = { digest, purpose: 3, salt: salt.contents, rounds, size, bare } as const;
    const key = await pkcs12Key(asked, password, budget);
    if (key instanceof TooCostly) return key;
    if (key === undefined) return "unsupported";
    if (matches(digest, key)) return "right";
  }
  return "wrong";
}

const digests: Readonly<Record<string, string>> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.4": "sha224",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

const hmacDigests: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.8": "sha224",
  "1.2.840.113549.2.9": "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};

async function unpackContent(
  content: DerElement,
  password: Secret,
  budget: RequestBudget,
  found: Found,
): Promise<Trouble> {
  const [type, wrapped] = children(content);
  const oid = type?.tag === tags.oid ? oidText(type.contents) : "?";
  const inner = children(wrapped)[0];
  if (oid === oids.data) {
    const plain = octets(inner);
    return plain && unpackBags(read(plain), password, budget, found, 0);
  }
  if (oid !== oids.encryptedData) return { cipher: oid };
  const [, algorithm, encrypted] = children(children(inner)[1]);
  const decrypted = await decryptWithPassword(
    algorithm,
    octets(encrypted) ?? new Uint8Array(0),
    password,
    budget,
  );
  if (decrypted.state === "unsupported") return { cipher: decrypted.cipher };
  if (decrypted.state === "too-costly") return { short: decrypted.short };
  const bags = decrypted.state === "open" ? read(decrypted.bytes) : undefined;
  return bags === undefined ? "shut" : unpackBags(bags, password, budget, found, 0);
}

async function unpackBags(
  contents: DerElement | undefined,
  password: Secret,
  budget: RequestBudget,
  found: Found,
  depth: number,
): Promise<Trouble> {
  for (const bag of children(contents)) {
    const [type, wrapped] = children(bag);
    const value = children(wrapped)[0];
    if (type === undefined || value === undefined) continue;
    const oid = oidText(type.contents);
    if (oid === oids.keyBag) found.keys.push(value.whole);
    if (oid === oids.certBag) keepTyped(value, "1.2.840.113549.1.9.22.1", found.certificates);
    if (oid === oids.crlBag) keepTyped(value, "1.2.840.113549.1.9.23.1", found.revocationLists);
    if (oid === oids.shroudedKeyBag) {
      const trouble = await unshroud(value, password, budget, found);
      if (trouble !== undefined) return trouble;
    }
    if (oid === oids.safeContentsBag && depth < 4) {
      const trouble = await unpackBags(value, password, budget, found, depth + 1);
      if (trouble !== undefined) return trouble;
    }
    await budget.yieldThread();
  }
  return undefined;
}

/** A certificate or list stands in a bag with its type, X.509 being the one that is used. */
function keepTyped(bag: DerElement, wanted: string, into: Uint8Array[]): void {
  const [type, wrapped] = children(bag);
  const der = octets(children(wrapped)[0]);
  if (type && der && oidText(type.contents) === wanted) into.push(der);
}

async function unshroud(
  value: DerElement,
  password: Secret,
  budget: RequestBudget,
  found: Found,
): Promise<Trouble> {
  const [algorithm, encrypted] = children(value);
  const decrypted = await decryptWithPassword(
    algorithm,
    encrypted?.contents ?? new Uint8Array(0),
    password,
    budget,
  );
  if (decrypted.state === "unsupported") return { cipher: decrypted.cipher };
  if (decrypted.state === "too-costly") return { short: decrypted.short };
  if (decrypted.state === "shut") return "shut";
  found.keys.push(decrypted.bytes);
  return undefined;
}
