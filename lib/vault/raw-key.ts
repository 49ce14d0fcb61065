import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { Secret } from "#lib/secret.ts";

/** How every raw key begins; any other text is a passphrase. */
export const rawKeyPrefix = "cloakkey1_";

/** A fresh raw key as text: the prefix, then 32 random bytes and a 4-byte checksum in base64url. */
export function newRawKey(): Secret {
  const bytes = randomBytes(32);
  return new Secret(rawKeyPrefix + Buffer.concat([bytes, checksum(bytes)]).toString("base64url"));
}

/** The 32 bytes of a raw key; undefined when it was cut off or mistyped. */
export function rawKeyBytes(text: string): Buffer | undefined {
  const match = /^cloakkey1_([A-Za-z0-9_-]{48})$/.exec(text);
  if (match === null) return undefined;
  const bytes = Buffer.from(match[1] ?? "", "base64url");
  const key = bytes.subarray(0, 32);
  return checksum(key).equals(bytes.subarray(32)) ? key : undefined;
}

/** Tells a slip of the hand from a wrong key; it protects nothing. */
function checksum(key: Uint8Array): Buffer {
  return createHash("sha256").update(rawKeyPrefix).update(key).digest().subarray(0, 4);
}
