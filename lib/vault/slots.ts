import "server-only";
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from "node:crypto";
import { z } from "zod";
import { shortId } from "#lib/random-id.ts";
import { base64url } from "./base64url.ts";
import { lengthPrefixed } from "./canonical.ts";
import { decodeKeyring, encodeKeyring, type Keyring, type SlotLock } from "./keyring.ts";
import { rawKeyBytes } from "./raw-key.ts";
import { format, sealVersion } from "./seal.ts";
import type { VaultKey } from "./vault-key.ts";

/** One way to the keyring: it is wrapped once for each key that opens the vault. */
export type Slot = z.infer<typeof slotSchema>;

/**
 * What a slot may look like. The limits on scrypt keep a doctored file from costing minutes or all memory (128 MiB at
 * N = 2^17); the lower one keeps it from being cheap to guess.
 */
export const slotSchema = z.strictObject({
  kid: base64url(8),
  src: z.enum(["raw", "pass", "cmd", "keyring"]),
  kdf: z.discriminatedUnion("name", [
    z.strictObject({ name: z.literal("hkdf"), salt: base64url(16) }),
    z.strictObject({
      name: z.literal("scrypt"),
      N: z
        .int()
        .min(2 ** 15)
        .max(2 ** 17)
        .refine((value) => Number.isInteger(Math.log2(value))),
      r: z.literal(8),
      p: z.int().min(1).max(4),
      salt: base64url(16),
    }),
  ]),
  commit: base64url(32),
  /** Of a slot that was wrapped without its key: the half of X25519 that was made for it. */
  eph: base64url(32).optional(),
  nonce: base64url(12),
  ct: z.string().regex(/^[A-Za-z0-9_-]{100,65536}$/),
});

/** Whether trying all slots takes less than a second: as much as two of our own. */
export function isAffordable(slots: readonly { readonly kdf: Cost }[]): boolean {
  const costs = slots.map(({ kdf }) => (kdf.name === "scrypt" ? kdf.N * kdf.p : 0));
  return costs.reduce((sum, cost) => sum + cost, 0) <= 2 ** 18;
}

type Cost = { readonly name: "hkdf" } | { readonly name: "scrypt"; readonly N: number; readonly p: number };

/** What a passphrase costs: 128 MiB and 0.4 s, OWASP's first choice for scrypt. */
export const passphraseCost = { name: "scrypt", N: 2 ** 17, r: 8, p: 1 } as const;

export type SlotsOutcome =
  /** The lock of the slot is among those of the keyring. */
  | { readonly state: "open"; readonly keyring: Keyring; readonly slot: Slot }
  | { readonly state: "wrong-key" }
  /** The key is right (its commitment matches), but what it wraps is not whole. */
  | { readonly state: "damaged"; readonly kid: string };

/** Wraps a keyring for one key: HKDF for a raw key, scrypt for a passphrase. */
export async function makeSlot(keyring: Keyring, key: VaultKey, storeId: string): Promise<Slot> {
  const { head, kek } = await newHead(key);
  return sealed(head, boxKey(kek), keyring, storeId);
}

/** A fresh slot for a key: what says how the key opens it, and what wraps a keyring for it. */
export async function newLock(key: VaultKey): Promise<{ readonly head: SlotHead; readonly lock: SlotLock }> {
  const { head, kek } = await newHead(key);
  return { head, lock: lockOf(kek) };
}

/** A slot without what it wraps. */
export type SlotHead = Pick<Slot, "kid" | "src" | "kdf" | "commit">;

/**
 * Wraps a keyring for a slot whose key is not at hand, by X25519 with a half made for this once. The lock's other part
 * goes in as the salt of HKDF, so that nobody but who has opened the vault can make one.
 */
export function wrapFor(
  { kid, src, kdf, commit }: SlotHead,
  lock: SlotLock,
  keyring: Keyring,
  storeId: string,
): Slot {
  const { privateKey, publicKey } = generateKeyPairSync("x25519");
  const eph = String(publicKey.export({ format: "jwk" }).x);
  const shared = diffieHellman({ privateKey, publicKey: lock.open });
  return sealed({ kid, src, kdf, commit, eph }, sharedKey(shared, lock), keyring, storeId);
}

async function newHead(key: VaultKey): Promise<{ readonly head: SlotHead; readonly kek: Buffer }> {
  const salt = randomBytes(16).toString("base64url");
  const kdf: Slot["kdf"] = key.kind === "raw" ? { name: "hkdf", salt } : { ...passphraseCost, salt };
  const kek = await wrappingKey(kdf, key);
  if (kek === undefined) throw new RangeError("a raw key is checked where it is read");
  const kid = shortId();
  const commit = commitment(kek, kid).toString("base64url");
  return { head: { kid, src: key.src, kdf, commit }, kek };
}

function sealed(head: SlotHead & { eph?: string }, key: Buffer, keyring: Keyring, storeId: string): Slot {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(associatedData(head, storeId));
  const ct = Buffer.concat([cipher.update(encodeKeyring(keyring)), cipher.final(), cipher.getAuthTag()]);
  return { ...head, nonce: nonce.toString("base64url"), ct: ct.toString("base64url") };
}

/**
 * Finds the slot that a key opens, and unwraps the keyring.
 *
 * The commitment is compared first: GCM does not bind a ciphertext to one key, and a wrong key must be told apart
 * from a damaged file.
 */
export async function openSlots(
  slots: readonly Slot[],
  key: VaultKey,
  storeId: string,
): Promise<SlotsOutcome> {
  for (const slot of slots) {
    const kek = await wrappingKey(slot.kdf, key);
    if (kek === undefined) continue;
    if (!timingSafeEqual(commitment(kek, slot.kid), Buffer.from(slot.commit, "base64url"))) continue;
    const keyring = unwrap(slot, kek, storeId);
    if (keyring === undefined) return { state: "damaged", kid: slot.kid };
    const locks = new Map(keyring.locks).set(slot.kid, lockOf(kek));
    return { state: "open", keyring: { ...keyring, locks }, slot };
  }
  return { state: "wrong-key" };
}

/** Whether two keys are one and the same. */
export function isSameKey(a: VaultKey, b: VaultKey): boolean {
  return a.kind === b.kind && a.text.reveal().normalize("NFKC") === b.text.reveal().normalize("NFKC");
}

const tagBytes = 16;

/** Undefined when the key is not of the slot's kind. */
async function wrappingKey(kdf: Slot["kdf"], key: VaultKey): Promise<Buffer | undefined> {
  const salt = Buffer.from(kdf.salt, "base64url");
  if (kdf.name === "hkdf") {
    const raw = key.kind === "raw" ? rawKeyBytes(key.text.reveal()) : undefined;
    return raw === undefined ? undefined : Buffer.from(hkdfSync("sha256", raw, salt, "cloak/v2/kek", 32));
  }
  if (key.kind !== "pass") return undefined;
  return derivedOnce(kdf, key, salt);
}

/** scrypt is slow by design; a vault that is read again with the same passphrase and salt need not pay twice. */
async function derivedOnce(
  kdf: Extract<Slot["kdf"], { name: "scrypt" }>,
  key: VaultKey,
  salt: Buffer,
): Promise<Buffer> {
  const known = derived.get(key) ?? new Map<string, Promise<Buffer>>();
  derived.set(key, known);
  const name = `${kdf.N}/${kdf.r}/${kdf.p}/${kdf.salt}`;
  const found = known.get(name) ?? scryptKey(key.text.reveal(), salt, kdf);
  known.set(name, found);
  return found;
}

const derived = new WeakMap<VaultKey, Map<string, Promise<Buffer>>>();

function scryptKey(
  passphrase: string,
  salt: Buffer,
  cost: { readonly N: number; readonly r: number; readonly p: number },
): Promise<Buffer> {
  // Node's own limit of 32 MiB is below any decent cost and makes it throw. The same passphrase can be written in
  // two Unicode forms: NFKC makes them one.
  const options = { N: cost.N, r: cost.r, p: cost.p, maxmem: 160 * cost.N * cost.r };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize("NFKC"), salt, 32, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

function commitment(kek: Buffer, kid: string): Buffer {
  return createHmac("sha256", kek).update("cloak/commit").update(kid).digest();
}

/** The commitment is public, so the key that encrypts is another one. */
function boxKey(kek: Buffer): Buffer {
  return derivedKey(kek, "cloak/v2/slot");
}

/** Both halves come from the slot's key alone, so that who has the key needs nothing else to open. */
function lockOf(kek: Buffer): SlotLock {
  const bind = createSecretKey(derivedKey(kek, "cloak/v2/slot bind"));
  return { open: createPublicKey(openingKey(kek)), bind };
}

/** RFC 8410: what stands before the 32 bytes of a private key for X25519 in PKCS#8. */
const pkcs8Head = Buffer.from("302e020100300506032b656e04220420", "hex");

function openingKey(kek: Buffer): KeyObject {
  const der = Buffer.concat([pkcs8Head, derivedKey(kek, "cloak/v2/slot open")]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

function sharedKey(shared: Buffer, { bind }: SlotLock): Buffer {
  return Buffer.from(hkdfSync("sha256", shared, bind.export(), "cloak/v2/slot", 32));
}

function derivedKey(kek: Buffer, info: string): Buffer {
  return Buffer.from(hkdfSync("sha256", kek, Buffer.alloc(0), info, 32));
}

/** What the keyring in a slot is sealed with. @throws where the half that stands there is none */
function slotKey({ eph }: Slot, kek: Buffer): Buffer {
  if (eph === undefined) return boxKey(kek);
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "X25519", x: eph }, format: "jwk" });
  return sharedKey(diffieHellman({ privateKey: openingKey(kek), publicKey }), lockOf(kek));
}

function associatedData(slot: SlotHead & { readonly eph?: string | undefined }, storeId: string): Buffer {
  const cost = slot.kdf.name === "scrypt" ? [slot.kdf.N, slot.kdf.r, slot.kdf.p].map(String) : [];
  return lengthPrefixed([
    format,
    String(sealVersion),
    storeId,
    "slot",
    slot.kid,
    slot.src,
    slot.kdf.name,
    slot.kdf.salt,
    ...cost,
    ...(slot.eph === undefined ? [] : [slot.eph]),
  ]);
}

function unwrap(slot: Slot, kek: Buffer, storeId: string): Keyring | undefined {
  const sealed = Buffer.from(slot.ct, "base64url");
  try {
    const nonce = Buffer.from(slot.nonce, "base64url");
    const decipher = createDecipheriv("aes-256-gcm", slotKey(slot, kek), nonce, { authTagLength: tagBytes });
    decipher.setAAD(associatedData(slot, storeId));
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    const bytes = Buffer.concat([
      decipher.update(sealed.subarray(0, sealed.length - tagBytes)),
      decipher.final(),
    ]);
    return decodeKeyring(bytes);
  } catch {
    return undefined;
  }
}
