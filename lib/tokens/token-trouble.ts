import "server-only";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import type { Facts } from "#lib/problems/problem.ts";

/** The connection says that it has credentials of its own, and has none. */
export class MissingCredentials extends Error {}

/** The credentials that were found have passed their end. */
export class ExpiredCredentials extends Error {}

/** The cloud's library is not installed; `library` is its package. */
export class MissingLibrary extends Error {
  readonly library: string;

  constructor(library: string) {
    super(library);
    this.library = library;
  }
}

/** Why there is no token. */
export interface TokenTrouble {
  readonly code: ProblemCode;
  readonly facts: Facts;
}

/** An error and what caused it, outermost first, each by what may be read of it. */
export function causes(error: unknown): readonly Cause[] {
  const found: Cause[] = [];
  const queue: unknown[] = [error];
  while (queue.length > 0 && found.length < 20) {
    const next = queue.shift();
    if (!(next instanceof Error)) continue;
    const { code, errors } = next as Error & { readonly code?: unknown; readonly errors?: unknown };
    found.push({ name: next.name, message: next.message, code: typeof code === "string" ? code : "" });
    queue.push(next.cause, ...(Array.isArray(errors) ? errors : []));
  }
  return found;
}

interface Cause {
  readonly name: string;
  readonly message: string;
  readonly code: string;
}
