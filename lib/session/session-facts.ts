import "server-only";
import { roundedMs } from "#lib/rounded-ms.ts";
import { citusVersion } from "./citus-version.ts";
import type { PooledSession } from "./pooled-session.ts";
import { unboundRoles } from "./unbound-roles.ts";

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
  const { connection, learned } = session;
  if (learned.unbound === undefined) learned.unbound = await unboundRoles(connection);
  if (learned.citus === undefined) learned.citus = await citusVersion(connection);
  const { unbound, citus } = learned;
  connection.inbound.startResult(64 * 1024);
  const start = performance.now();
  await connection.client.query("select 1");
  const latencyMs = roundedMs(performance.now() - start);
  return { latencyMs, unbound, citus };
}
