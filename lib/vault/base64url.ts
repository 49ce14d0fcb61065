import "server-only";
import { z } from "zod";

/** Text that stands for exactly `bytes` bytes, in the one way base64url (RFC 4648, 5) writes them. */
export function base64url(bytes: number): z.ZodString {
  const length = Math.ceil((bytes * 8) / 6);
  return z.string().refine((text) => text.length === length && isBase64url(text));
}

/** Whether a text is base64url as an encoder writes it: no padding, no stray bits in the last letter. */
export function isBase64url(text: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(text) && Buffer.from(text, "base64url").toString("base64url") === text;
}
