/** The header in which `proxy.ts` tells the pages which path was asked for; one that came in is overwritten. */
export const pathHeader = "x-cloak-path";

/**
 * Reads where to go after signing in: a path of this console, never another site's address
 * (CVE-2026-12049 was an open redirect of this kind).
 * @returns the path with its query, or undefined
 */
export function readReturnPath(text: string | null | undefined): string | undefined {
  if (text === null || text === undefined || text.length > 512) return undefined;
  // "//host" and "/\host" are other hosts to a browser.
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || text.includes("\\")) return undefined;
  return /^\/(api|login|setup|locked|_next)(\/|\?|$)/.test(text) ? undefined : text;
}
