import "server-only";
import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import { lengthPrefixed } from "./canonical.ts";

/** The file format's name; part of what every box is bound to. */
export const format = "cloak-config";
/**
 * The version of how things are sealed; every box is bound to it, too. The file's own version is another number: a box
 * that was sealed in a file of version 2 is the same in one of version 3.
 */
export const sealVersion = 2;

/** One sealed value. Bytes are base64url. */
export interface Box {
  /** id of the data key. */
  readonly k: string;
  /** Revision of the record when this box was sealed. */
  readonly b: number;
  /** 16 bytes of salt: every box has a key of its own. */
  readonly s: string;
  /** 12 bytes of nonce. */
  readonly n: string;
  /** Ciphertext and its 16-byte tag. */
  readonly c: string;
}

/** Where a box belongs. One that was moved anywhere else does not open. */
export interface Place {
  readonly storeId: string;
  readonly kind: string;
  readonly recordId: string;
  readonly field: string;
}

export interface DataKey {
  readonly id: string;
  readonly key: KeyObject;
}

/**
 * Seals one value into a box that opens only with this key and at this place.
 *
 * AES-256-GCM under a subkey derived for this box alone (HKDF-SHA256, RFC 5869, over a random salt), so random nonces
 * never come near GCM's limit of 2^32 a key (NIST SP 800-38D, 8.3). The text is padded to steps of 64 bytes, so that
 * the length of a password does not show.
 */
export function seal(value: Uint8Array, place: Place, boxRev: number, key: DataKey): Box {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", subkey(key.key, salt), nonce, { authTagLength: tagBytes });
  cipher.setAAD(associatedData(place, boxRev, key.id));
  const sealed = Buffer.concat([cipher.update(padded(value)), cipher.final(), cipher.getAuthTag()]);
  return {
    k: key.id,
    b: boxRev,
    s: salt.toString("base64url"),
    n: nonce.toString("base64url"),
    c: sealed.toString("base64url"),
  };
}

/** Opens a box; undefined when it is damaged, was moved, or belongs to another key. */
export function unseal(box: Box, place: Place, key: DataKey): Buffer | undefined {
  const sealed = Buffer.from(box.c, "base64url");
  const nonce = Buffer.from(box.n, "base64url");
  const salt = Buffer.from(box.s, "base64url");
  if (box.k !== key.id || sealed.length < tagBytes || nonce.length !== 12 || salt.length !== 16) {
    return undefined;
  }
  const decipher = createDecipheriv("aes-256-gcm", subkey(key.key, salt), nonce, { authTagLength: tagBytes });
  decipher.setAAD(associatedData(place, box.b, box.k));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    const text = Buffer.concat([
      decipher.update(sealed.subarray(0, sealed.length - tagBytes)),
      decipher.final(),
    ]);
    return unpadded(text);
  } catch {
    return undefined;
  }
}

const tagBytes = 16;
const step = 64;
const lengthBytes = 4;

function subkey(key: KeyObject, salt: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", key, salt, "cloak/v2/box", 32));
}

function associatedData(place: Place, boxRev: number, keyId: string): Buffer {
  return lengthPrefixed([
    format,
    String(sealVersion),
    place.storeId,
    place.kind,
    place.recordId,
    place.field,
    String(boxRev),
    keyId,
  ]);
}

function padded(value: Uint8Array): Buffer {
  const bytes = Buffer.alloc(Math.ceil((lengthBytes + value.length) / step) * step);
  bytes.writeUInt32BE(value.length);
  bytes.set(value, lengthBytes);
  return bytes;
}

function unpadded(bytes: Buffer): Buffer | undefined {
  if (bytes.length < step || bytes.length % step !== 0) return undefined;
  const length = bytes.readUInt32BE();
  if (length > bytes.length - lengthBytes) return undefined;
  return bytes.subarray(lengthBytes, lengthBytes + length);
}
