import "server-only";
import type { Secret } from "#lib/secret.ts";

/**
 * Until when a cloud's sign-in token counts, by its own words.
 *
 * An AWS token is a signed request: the moment it was made and how many seconds it lasts stand in its query
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html). A Microsoft Entra token is a JSON
 * Web Token with an `exp` claim (RFC 7519 section 4.1.4). Nothing is verified: that is the server's work.
 * @returns null for what is no such token
 */
export function tokenExpiry(password: Secret | undefined): Date | null {
  const text = password?.reveal() ?? "";
  const ms = awsExpiry(text) ?? webTokenExpiry(text);
  return ms === null || Number.isNaN(ms) ? null : new Date(ms);
}

function awsExpiry(text: string): number | null {
  const made = /[?&]X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/i.exec(text);
  const seconds = /[?&]X-Amz-Expires=(\d{1,9})(?!\d)/i.exec(text)?.[1];
  if (made === null || seconds === undefined) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = made.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) + Number(seconds) * 1000;
}

function webTokenExpiry(text: string): number | null {
  const claims = /^eyJ[\w-]+\.([\w-]+)\.[\w-]*$/.exec(text.trim())?.[1];
  if (claims === undefined) return null;
  try {
    const exp: unknown = JSON.parse(Buffer.from(claims, "base64url").toString("utf8")).exp;
    return typeof exp === "number" ? exp * 1000 : null;
  } catch {
    return null;
  }
}
