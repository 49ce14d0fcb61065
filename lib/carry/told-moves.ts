import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import { movedFields } from "#lib/profiles/moved-fields.ts";
import type { ConnectionProfile, ProfileDraft } from "#lib/profiles/profile.ts";
import { formValues } from "#lib/profiles/profile-view.ts";
import type { Moves } from "#lib/saved/moves.ts";
import type { ProfileStore } from "#lib/saved/profile-store.ts";
import type { AuditChange } from "#lib/team/audit.ts";
import { settingChanges } from "#lib/team/audit-changes.ts";

/** What of a change of a connection is a move, from what to what: nothing where it stays where it is. */
export function movesOf(draft: ProfileDraft, previous: ConnectionProfile): readonly AuditChange[] {
  const moved: readonly string[] = movedFields(formValues(draft), formValues(previous));
  return settingChanges(previous, draft).filter(({ field }) => moved.includes(field));
}

/**
 * Restores an earlier revision, and notes each connection that is moved by that, so that everybody else is told before they
 * send anything there. Everybody has to sign in again, so nobody is quicker.
 * @param by the user who restores, or who is at the host
 * @returns what restoring returns; or why a move cannot be noted: then it is restored, and that move told by the audit log
 *   alone
 */
export async function tellingMoves(
  { profiles, moves }: { readonly profiles: Pick<ProfileStore, "list">; readonly moves: Pick<Moves, "note"> },
  by: string,
  restore: () => Promise<Result<number>>,
): Promise<Result<number>> {
  const before = await profiles.list();
  if (!before.ok) return before;
  const restored = await restore();
  if (!restored.ok) return restored;
  const after = await profiles.list();
  if (!after.ok) return after;
  const were = new Map(before.value.map((profile) => [profile.id, profile]));
  const at = new Date().toISOString();
  for (const profile of after.value) {
    const previous = were.get(profile.id);
    if (previous === undefined) continue;
    const changes = movesOf({ ...profile, secrets: {} }, { ...previous, secrets: {} });
    if (changes.length === 0) continue;
    const told = await moves.note({ connectionId: profile.id, by, at, rev: profile.rev, changes });
    if (!told.ok) return told;
  }
  return ok(restored.value);
}
