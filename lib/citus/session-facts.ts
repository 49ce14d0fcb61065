import "server-only";
import type { Loan } from "#lib/session/live-clients.ts";
import { unboundRoles } from "#lib/session/unbound-roles.ts";
import { citusVersion } from "./citus-cluster.ts";

/** What is asked of a live session beyond the report of its opening. */
export interface SessionFacts {
  /** One round trip on the open connection, ms. */
  readonly latencyMs: number;
  /** What a read-only transaction does not bind; null when the server does not tell. See `unboundRoles`. */
  readonly unbound: readonly string[] | null;
  /** The version of Citus in this database; null where it is not there, or not told. */
  readonly citus: string | null;
}

/**
 * Asks a live session. The roles and Citus are asked once a client, the round trip is measured anew.
 * Throws what the driver throws when the session is gone.
 */
export async function sessionFacts(loan: Loan): Promise<SessionFacts> {
  const { client, inbound } = loan.connection;
  inbound.startResult(64 * 1024);
  if (!loan.notes.has("unbound")) loan.notes.set("unbound", await unboundRoles(client));
  if (!loan.notes.has("citus")) loan.notes.set("citus", await citusVersion(client));
  const start = performance.now();
  await client.query("select 1");
  const latencyMs = Math.round((performance.now() - start) * 100) / 100;
  return {
    latencyMs,
    unbound: loan.notes.get("unbound") as readonly string[] | null,
    citus: loan.notes.get("citus") as string | null,
  };
}
