import "server-only";
import { z } from "zod";

/** Text that stands for exactly `bytes` bytes, in the one way base64url (RFC 4648, 5) writes them. */
export function base64url(bytes: number): z.ZodString {
  const length = Math.ceil((bytes * 8) / 6);
  return z.string().refine((text) => text.length === length && isBase64url(text));
}

/** Whether a text is base64url as an encoder writes it: no padding, no stray bits in the last letter. */
export function isBase64url(text: string): boolean {
  // Taken apart and put together again, a file of 16 MB would leave forty behind for the collector.
  const last = lastLetters[text.length % 4];
  return last !== undefined && /^[A-Za-z0-9_-]+$/.test(text) && last.includes(text.at(-1) ?? "");
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** What a text may end with, by its length modulo four: of the last letter of two only two bits count, of three four. */
const lastLetters = [alphabet, undefined, everyNth(16), everyNth(4)] as const;

function everyNth(step: number): string {
  return Array.from(alphabet)
    .filter((_, value) => value % step === 0)
    .join("");
}
