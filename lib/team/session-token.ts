import "server-only";
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Secret } from "#lib/secret.ts";

const tokenBytes = 32;

/** A new session token: 256 random bits. */
export function newSessionToken(): Buffer {
  return randomBytes(tokenBytes);
}

/**
 * Writes a token as a cookie's value, `<token>.<mac>` in base64url. The MAC lets the outer gate turn strangers away
 * without looking into the store; it says nothing about whether the session still lives.
 */
export function sessionCookieValue(token: Buffer, cookieKey: Buffer): Secret {
  return new Secret(`${token.toString("base64url")}.${mac(token, cookieKey).toString("base64url")}`);
}

/** Reads a cookie's value; undefined unless its MAC was made with this key. Constant time over the MAC. */
export function readSessionCookie(value: string | undefined, cookieKey: Buffer): Buffer | undefined {
  const match = /^([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/.exec(value ?? "");
  if (match === null) return undefined;
  const token = Buffer.from(match[1] ?? "", "base64url");
  const given = Buffer.from(match[2] ?? "", "base64url");
  return timingSafeEqual(given, mac(token, cookieKey)) ? token : undefined;
}

/** What is kept of a token: reading the store gives nobody a session. */
export function sessionFingerprint(token: Buffer, storeKey: Buffer): string {
  return mac(token, storeKey).toString("base64url");
}

function mac(token: Buffer, key: Buffer): Buffer {
  return createHmac("sha256", key).update(token).digest();
}
