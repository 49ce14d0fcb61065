import { type SslMode, sslModes } from "#lib/settings/form-values.ts";

/** Words of other drivers and tools, and what they mean by them. */
const elsewhere: Readonly<Record<string, SslMode>> = {
  true: "require",
  1: "require",
  on: "require",
  yes: "require",
  required: "require",
  "no-verify": "require",
  false: "disable",
  0: "disable",
  off: "disable",
  no: "disable",
  none: "disable",
  disabled: "disable",
  preferred: "prefer",
  verify: "verify-full",
  full: "verify-full",
  strict: "verify-full",
  "verify-identity": "verify-full",
  ca: "verify-ca",
};

/**
 * The libpq mode that a wrong `sslmode` word most likely stands for.
 * @returns undefined when the word is near none
 */
export function nearestSslMode(word: string): SslMode | undefined {
  if (word.length > 20) return undefined;
  const plain = word.trim().toLowerCase().replace(/[_ ]/g, "-");
  if (Object.hasOwn(elsewhere, plain)) return elsewhere[plain];
  const bare = plain.replaceAll("-", "");
  const near = sslModes
    .map((mode) => ({ mode, distance: distance(bare, mode.replace("-", "")) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return near !== undefined && near.distance <= 2 ? near.mode : undefined;
}

/** Levenshtein's: how many letters must be put in, taken out or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
