import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { unsavedConnections } from "#lib/session/close-clients.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import { type Actor, type ConnectionGrants, can } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";

/**
 * The connection of this id, as whoever asks may use it: a saved one that they have access to, or one that their own
 * session uses unsaved. What was made of a saved connection is there only while that is what it was, whoever changed it,
 * and while they have access to it.
 * @returns undefined for no such connection, and for one that is not theirs to see; or the vault's problem
 */
export async function findConnection(
  { profiles, grants }: Pick<Workspace, "profiles" | "grants">,
  actor: Actor,
  id: string,
): Promise<Result<FoundConnection | undefined>> {
  const book = await grants.read();
  if (!book.ok) return book;
  const unsaved = unsavedConnections().find({ userId: actor.id, sessionId: actor.sessionId }, id);
  if (unsaved === undefined) {
    const granted = { grants: book.value.of(id) };
    // What is not theirs is looked for as what is not there, so that no clock tells the two apart.
    const found = await profiles.open(can(actor, "data:read", granted) ? id : "");
    if (!found.ok) return found;
    const profile = found.value;
    return ok(profile && { profile, isProduction: isProduction(profile), rootId: id, ...granted });
  }
  const { profile, of } = unsaved;
  const own = { profile, unsaved, isProduction: isProduction(profile) };
  if (of === undefined) return ok({ ...own, rootId: id, grants: ownOf(actor) });
  const granted = { grants: book.value.of(of.id) };
  const saved = await profiles.find(of.id);
  if (!saved.ok) return saved;
  if (saved.value?.rev !== of.rev || !can(actor, "data:read", granted)) {
    unsavedConnections().end(id);
    return ok(undefined);
  }
  return ok({
    ...own,
    isProduction: own.isProduction || isProduction(saved.value),
    rootId: of.id,
    ...granted,
  });
}

function isProduction({ environment }: Pick<ConnectionProfile, "environment">): boolean {
  return environment === "production";
}

/** What somebody uses unsaved is theirs alone. */
function ownOf({ id }: Actor): ConnectionGrants {
  return { maker: id, people: new Map(), rest: "none" };
}
