import type { Problem } from "#lib/problems/problem.ts";

/**
 * A problem as a browser may have it: where the vault lies, what the system said of it and the commands that fix it are for
 * the host's own log and page.
 */
export function withoutPlaces(problem: Problem): Problem {
  return isOfStore(problem.code) && problem.code !== "vault-changed-meanwhile"
    ? { ...problem, facts: {} }
    : problem;
}

/** Whether a problem is one of what keeps the vault. */
export function isOfStore(code: string): boolean {
  return code.startsWith("vault-") || code.startsWith("store-");
}
