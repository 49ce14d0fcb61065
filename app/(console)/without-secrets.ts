import { maskSecretsInText, secretMark } from "#lib/notebook/mask-secrets-in-text.ts";

/**
 * A search as an address may have it: an address stays in the browser's history and in a proxy's log, and people paste a
 * whole connection string, or an error line with one in it, into every box that is there.
 */
export function withoutSecrets(search: string): string {
  return maskSecretsInText(search, "prose").replaceAll(secretMark, "…").replace(unfinished, "$1…");
}

/** `scheme://user:passw`, as it is typed, or cut off where a box takes no more; a port is none. */
const unfinished = /(:\/\/[^\s:@/]+:)(?!…|\d{1,5}(?:[/?#\s]|$))[^\s@]+$/;
