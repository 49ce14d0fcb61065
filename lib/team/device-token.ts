import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import { randomId } from "#lib/random-id.ts";
import { foldUserName } from "./user-name.ts";

/**
 * A browser that an account once signed in with proves it by a cookie of `<id>.<mac>`: then strangers who guess at that
 * account cannot keep it out (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). It opens nothing.
 * @param cookieKey the key of the sessions' cookies, from which this one is derived
 * @param id        of the browser as it proved before; left out, a new one
 */
export function deviceToken(account: string, cookieKey: Buffer, id = randomId()): string {
  return `${id}.${mac(id, account, cookieKey).toString("base64url")}`;
}

/** The browser's id; undefined unless this very account signed in with it before. Constant time over the MAC. */
export function readDeviceToken(
  value: string | undefined,
  account: string,
  cookieKey: Buffer,
): string | undefined {
  const [, id = "", given = ""] = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/.exec(value ?? "") ?? [];
  const expected = mac(id, account, cookieKey);
  const bytes = Buffer.from(given, "base64url");
  return bytes.length === expected.length && timingSafeEqual(bytes, expected) ? id : undefined;
}

function mac(id: string, account: string, cookieKey: Buffer): Buffer {
  // The same user in other letters is the same user.
  return createHmac("sha256", cookieKey)
    .update(`device\0${id}\0${foldUserName(account)}`)
    .digest();
}
