import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { writeUnlocks } from "#lib/session/close-clients.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import { type Actor, can } from "#lib/team/access.ts";

/**
 * Whether this person may write on this connection now: they have the access, and it is not Production, or they unlocked
 * writing on it. It decides for every way to a server: what a request asks for can be less than this, never more.
 * @returns `not-allowed`, whose `reason` says why: `read-access` or `production-locked`
 */
export function mayWrite(
  actor: Pick<Actor, "id" | "role" | "sessionId">,
  connection: Pick<FoundConnection, "grants" | "isProduction" | "rootId">,
): Result<void> {
  if (!can(actor, "data:write", connection)) return refused("read-access");
  return connection.isProduction && unlockLeft(actor, connection) === 0
    ? refused("production-locked")
    : ok(undefined);
}

/** How long this person's unlock of a connection goes on, ms; 0 where there is none. */
export function unlockLeft(
  { sessionId }: Pick<Actor, "sessionId">,
  { rootId }: Pick<FoundConnection, "rootId">,
): number {
  return writeUnlocks().left({ sessionId, connectionId: rootId });
}

function refused(reason: string): Result<never> {
  return failed(problem("not-allowed", { act: "data:write", reason }));
}
