import "server-only";
import { workspace } from "#app/_server/workspace.ts";
import { type Actor, can } from "#lib/team/access.ts";

/** A connection that was deleted and can be put back. */
export interface RemovedConnection {
  readonly id: string;
  /** Undefined where it cannot be read. */
  readonly name: string | undefined;
  /** Who deleted it; undefined where they are no longer known. */
  readonly by: string | undefined;
}

/** What was deleted in the last hour and this person may put back, the newest first. */
export async function removedConnections(actor: Actor): Promise<readonly RemovedConnection[]> {
  const opened = await workspace();
  if (!opened.ok) return [];
  const { grants, profiles, removedProfiles, users } = opened.value;
  const [list, book, people] = [await removedProfiles.list(), await grants.read(), await users.list()];
  if (!list.ok || !book.ok || !people.ok) return [];
  const theirs = list.value.filter(({ profileId }) =>
    can(actor, "connection:manage", { grants: book.value.of(profileId) }),
  );
  return Promise.all(
    theirs.map(async ({ profileId, userId, record }) => {
      const name = await profiles.nameOf(record);
      const by = people.value.find(({ id }) => id === userId)?.name;
      return { id: profileId, name: name.ok ? name.value : undefined, by };
    }),
  );
}
