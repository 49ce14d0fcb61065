import "server-only";
import { mayWrite } from "#app/_server/may-write.ts";
import type { ClientMode } from "#lib/session/pooled-session.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import type { Actor } from "#lib/team/access.ts";

/** How a connection is opened before anybody says otherwise: production is read first, and by who may not write. */
export function firstMode(actor: Actor, connection: FoundConnection): ClientMode {
  return connection.isProduction || !mayWrite(actor, connection).ok ? "read-only" : "read-write";
}
