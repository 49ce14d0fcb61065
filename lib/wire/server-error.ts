import "server-only";
import pg from "pg";

/** What a server says in an ErrorResponse, as the driver hands it over. */
export type ServerError = Error & {
  readonly severity?: string | undefined;
  readonly code?: string | undefined;
  readonly routine?: string | undefined;
  readonly where?: string | undefined;
};

/**
 * Whether the server itself said it. Everything else that a query throws is the driver's or the network's, and the
 * connection is of no use any more.
 */
export function isServerError(error: unknown): error is ServerError {
  if (error instanceof pg.DatabaseError) return true;
  return error instanceof Error && "severity" in error && typeof error.severity === "string";
}
