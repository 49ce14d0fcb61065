import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import { unsavedConnections } from "#lib/session/close-clients.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import type { Actor } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";

/**
 * The connection of this id, as whoever asks may use it: a saved one, or one that their own session uses unsaved. What
 * was made of a saved connection is there only while that is what it was, whoever changed it.
 * @returns undefined for no such connection, or the vault's problem
 */
export async function findConnection(
  { profiles }: Pick<Workspace, "profiles">,
  { id: userId, sessionId }: Pick<Actor, "id" | "sessionId">,
  id: string,
): Promise<Result<FoundConnection | undefined>> {
  const unsaved = unsavedConnections().find({ userId, sessionId }, id);
  if (unsaved === undefined) {
    const found = await profiles.open(id);
    return found.ok ? ok(found.value && { profile: found.value }) : found;
  }
  if (unsaved.of !== undefined) {
    const saved = await profiles.find(unsaved.of.id);
    if (!saved.ok) return saved;
    if (saved.value?.rev !== unsaved.of.rev) {
      unsavedConnections().end(id);
      return ok(undefined);
    }
  }
  return ok({ profile: unsaved.profile, unsaved });
}
