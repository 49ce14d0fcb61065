import "server-only";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import type { Actor } from "#lib/team/access.ts";
import { acquireClient } from "./acquire-client.ts";
import type { auditSubject } from "./audit-subject.ts";

/**
 * Opens another session of the same connection, to ask what became of a COMMIT that was cut off.
 * @returns gives undefined where it cannot be opened (yet)
 */
export function reopener(
  actor: Actor,
  profileId: string,
  subject: Awaited<ReturnType<typeof auditSubject>>,
): () => Promise<PooledSession | undefined> {
  return async () => {
    const again = await acquireClient(actor, { profileId, mode: "read-only", subject });
    return again.ok ? again.value.session : undefined;
  };
}
