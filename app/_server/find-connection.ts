import "server-only";
import { isDeepStrictEqual } from "node:util";
import { ok, type Result } from "#lib/problems/result.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { formValues } from "#lib/profiles/profile-view.ts";
import type { SavedProfile } from "#lib/saved/profile-store.ts";
import { unsavedConnections } from "#lib/session/close-clients.ts";
import type { FoundConnection, UnsavedConnection } from "#lib/session/unsaved-connections.ts";
import { secretFields } from "#lib/settings/form-values.ts";
import { type Actor, type ConnectionGrants, can } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";

/**
 * The connection of this id, as whoever asks may use it: a saved one that they have access to, or one that their own
 * session uses unsaved. What was made of a saved connection is there only while that is what it was, whoever changed it,
 * and while they have access to it: to manage it, where they changed something.
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
  const act = saved.value && isAsSaved(unsaved, saved.value) ? "data:read" : "connection:manage";
  if (saved.value?.rev !== of.rev || !can(actor, act, granted)) {
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

/** Whether it was connected as it is saved; who no longer manages that keeps nothing that they changed. */
function isAsSaved({ profile, acts }: UnsavedConnection, saved: SavedProfile): boolean {
  const keeps = secretFields.every((field) => acts[field] === (saved.stored[field] ? "keep" : "remove"));
  return keeps && isDeepStrictEqual(formValues(profile), formValues({ ...saved, secrets: {} }));
}

function isProduction({ environment }: Pick<ConnectionProfile, "environment">): boolean {
  return environment === "production";
}

/** What somebody uses unsaved is theirs alone. */
function ownOf({ id }: Actor): ConnectionGrants {
  return { maker: id, people: new Map(), rest: "none" };
}
