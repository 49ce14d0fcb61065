import "server-only";
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from "node:crypto";
import { z } from "zod";
import { base64url } from "./base64url.ts";
import { lengthPrefixed } from "./canonical.ts";
import { decodeKeyring, encodeKeyring, type Keyring } from "./keyring.ts";
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
  nonce: base64url(12),
  ct: z.string().regex(/^[A-Za-z0-9_-]{100,65536}$/),
});

/** Whether trying all slots takes less than a second: as much as two of our own. */
export function isAffordable(slots: readonly Slot[]): boolean {
  const costs = slots.map(({ kdf }) => (kdf.name === "scrypt" ? kdf.N * kdf.p : 0));
  return costs.reduce((sum, cost) => sum + cost, 0) <= 2 ** 18;
}

export type SlotsOutcome =
  | { readonly state: "open"; readonly keyring: Keyring; readonly slot: Slot }
  | { readonly state: "wrong-key" }
  /** The key is right (its commitment matches), but what it wraps is not whole. */
  | { readonly state: "damaged"; readonly kid: string };

/** Wraps a keyring for one key: HKDF for a raw key, scrypt for a passphrase. */
export async function makeSlot(keyring: Keyring, key: VaultKey, storeId: string): Promise<Slot> {
  const salt = randomBytes(16).toString("base64url");
  const kdf: Slot["kdf"] =
    key.kind === "raw"
      ? { name: "hkdf", salt }
      : // 128 MiB and 0.4 s: OWASP's first choice for scrypt.
        { name: "scrypt", N: 2 ** 17, r: 8, p: 1, salt };
  const kek = await wrappingKey(kdf, key);
  if (kek === undefined) throw new RangeError("a raw key is checked where it is read");
  const head = { kid: randomBytes(8).toString("base64url"), src: key.src, kdf };
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", boxKey(kek), nonce, { authTagLength: tagBytes });
  cipher.setAAD(associatedData(head, storeId));
  const ct = Buffer.concat([cipher.update(encodeKeyring(keyring)), cipher.final(), cipher.getAuthTag()]);
  return {
    ...head,
    commit: commitment(kek, head.kid).toString("base64url"),
    nonce: nonce.toString("base64url"),
    ct: ct.toString("base64url"),
  };
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
    return keyring === undefined ? { state: "damaged", kid: slot.kid } : { state: "open", keyring, slot };
  }
  return { state: "wrong-key" };
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
  return Buffer.from(hkdfSync("sha256", kek, Buffer.alloc(0), "cloak/v2/slot", 32));
}

function associatedData(slot: Pick<Slot, "kid" | "src" | "kdf">, storeId: string): Buffer {
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
  ]);
}

function unwrap(slot: Slot, kek: Buffer, storeId: string): Keyring | undefined {
  const sealed = Buffer.from(slot.ct, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", boxKey(kek), Buffer.from(slot.nonce, "base64url"), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(associatedData(slot, storeId));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    const bytes = Buffer.concat([
      decipher.update(sealed.subarray(0, sealed.length - tagBytes)),
      decipher.final(),
    ]);
    return decodeKeyring(bytes);
  } catch {
    return undefined;
  }
}
