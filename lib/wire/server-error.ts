import "server-only";
import type pg from "pg";

/** What a server says in an ErrorResponse, as the driver hands it over. */
export type ServerError = pg.DatabaseError & { readonly severity: string };

/**
 * Whether the server itself said it. Everything else that a query throws is the driver's or the network's, and the
 * connection is of no use any more. The class alone does not tell: pg makes a `DatabaseError` of its own for a message
 * of no kind; every ErrorResponse has a severity (protocol 53.8).
 */
export function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && "severity" in error && typeof error.severity === "string";
}
