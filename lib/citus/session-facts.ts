import "server-only";
import type { PooledSession } from "#lib/session/live-clients.ts";
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
export async function sessionFacts(session: PooledSession): Promise<SessionFacts> {
  const { client, inbound } = session.connection;
  inbound.startResult(64 * 1024);
  if (!session.notes.has("unbound")) session.notes.set("unbound", await unboundRoles(client));
  if (!session.notes.has("citus")) session.notes.set("citus", await citusVersion(client));
  const start = performance.now();
  await client.query("select 1");
  const latencyMs = Math.round((performance.now() - start) * 100) / 100;
  return {
    latencyMs,
    unbound: session.notes.get("unbound") as readonly string[] | null,
    citus: session.notes.get("citus") as string | null,
  };
}
