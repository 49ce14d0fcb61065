import { maskSecretsInText, secretMark } from "#lib/notebook/mask-secrets-in-text.ts";

/**
 * A search as an address may have it: an address stays in the browser's history and in a proxy's log, and people paste a
 * whole connection string, or an error line with one in it, into every box that is there. Rather a word too few.
 */
export function withoutSecrets(search: string): string {
  const bare = search
    .replace(userInfo, "$1…@")
    .replace(bareUserInfo, "$1…@")
    .replace(openTail, "$1…")
    .replace(unquotedValue, "$1…");
  return maskSecretsInText(bare, "prose").replaceAll(secretMark, "…").replace(unfinished, "$1…");
}

/** `://user:password@`, up to the last `@` before a blank: whatever the password has in it, quotes and brackets too. */
const userInfo = /(:\/\/[^\s:/@]*:)\S{0,4000}@/g;

/** The same without a scheme. */
const bareUserInfo = /((?:^|\s)[\w.+-]+:)(?!\/\/)[^\s@]\S{0,4000}@/g;

/** What stands behind that `@` may be the rest of a password that is being typed, until it looks like a host. */
const openTail = /(:\/\/[^\s:/@]*:)…@[^\s/?#:.]*$/;

/** `password=…` without quotes around it: it ends at a blank, `&` or `;`, and a quote in it is a sign like others. */
const unquotedValue = /(\b\w*(?:pass(?:word|wd|phrase|code)?|pwd|secret|token)=)(?!['"])[^\s&;]+/gi;

/** `scheme://user:passw`, as it is typed, or cut off where a box takes no more; a port is none. */
const unfinished = /(:\/\/[^\s:@/]+:)(?!…|\d{1,5}(?:[/?#\s]|$))[^\s@]+$/;
