import "server-only";
import { auditSubject, auditTarget, creationOf, leadOf } from "#app/_server/audit-subject.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, type Result } from "#lib/problems/result.ts";
import { movedFields } from "#lib/profiles/moved-fields.ts";
import type { ConnectionProfile, ProfileDraft } from "#lib/profiles/profile.ts";
import { formValues } from "#lib/profiles/profile-view.ts";
import { secretActs } from "#lib/profiles/secret-acts.ts";
import type { SavedProfile } from "#lib/saved/profile-store.ts";
import { closeAllOf } from "#lib/session/close-clients.ts";
import type { UnsavedConnection } from "#lib/session/unsaved-connections.ts";
import { type SecretAct, type SecretField, secretFields } from "#lib/settings/form-values.ts";
import type { Actor } from "#lib/team/access.ts";
import { settingChanges } from "#lib/team/audit-changes.ts";
import type { Workspace } from "#lib/workspace.ts";

/** What is written, and how it is told of. */
interface Written {
  readonly draft: ProfileDraft;
  /** The stored secrets that go where they did not go before. */
  readonly led: readonly string[];
}

/**
 * Saves a new connection, and notes it.
 * @param id one that it is known by already; left out, it gets one
 */
export async function writeNew(
  { audit, profiles, grants }: Workspace,
  actor: Actor,
  { draft, led }: Written,
  id?: string,
): Promise<Result<SavedProfile>> {
  const events = [...leadOf(draft, undefined, led), creationOf(draft)];
  return audit.during(await auditSubject(actor), events, () =>
    profiles.create(draft, actor.id, id, grants.starting(actor.id)),
  );
}

/**
 * Saves what was made of a connection that is used unsaved: as a new one, or over the saved one that it came from.
 * @param id of a new one; left out, it gets one
 * @returns `not-found`, or `vault-changed-meanwhile`, where the saved one is no longer what it was
 */
export async function writeUnsaved(
  opened: Workspace,
  actor: Actor,
  unsaved: UnsavedConnection,
  { draft, led }: Written,
  id?: string,
): Promise<Result<SavedProfile>> {
  const allLed = [...new Set([...unsaved.led, ...led])];
  if (unsaved.of === undefined) return writeNew(opened, actor, { draft, led: allLed }, id);
  const found = await opened.profiles.open(unsaved.of.id);
  if (!found.ok) return found;
  const previous = found.value;
  if (previous === undefined) return failed(problem("not-found"));
  if (previous.rev !== unsaved.of.rev) {
    return failed(problem("vault-changed-meanwhile", { currentRev: previous.rev }));
  }
  const acts = secretActs(draft, unsaved.profile, unsaved.acts);
  return writeOver(opened, actor, previous, { draft, led: allLed, acts });
}

/**
 * Saves over a connection, notes what that changes, and closes what is open on it.
 * @param previous the saved connection, at the revision that is written over
 * @returns `vault-changed-meanwhile` where that is no longer the revision
 */
export async function writeOver(
  { audit, moves, profiles }: Workspace,
  actor: Actor,
  previous: ConnectionProfile,
  { draft, led, acts }: Written & { readonly acts: Readonly<Record<SecretField, SecretAct>> },
): Promise<Result<SavedProfile>> {
  const { id, rev, secrets: before } = previous;
  const secrets = secretFields.filter(
    (field) => acts[field] !== "keep" && (before[field] ?? draft.secrets[field]) !== undefined,
  );
  const events = [
    ...leadOf(draft, previous, led),
    {
      action: "connection-change",
      object: id,
      target: auditTarget(draft),
      secrets,
      changes: settingChanges(previous, draft),
    } as const,
  ];
  const moved: readonly string[] = movedFields(formValues(draft), formValues(previous));
  const changes = settingChanges(previous, draft).filter(({ field }) => moved.includes(field));
  const saved = await audit.during(await auditSubject(actor), events, async () => {
    if (changes.length === 0) return profiles.update(id, rev, draft, acts, actor.id);
    const at = new Date().toISOString();
    const noted = await moves.note({ connectionId: id, by: actor.id, at, rev: rev + 1, changes });
    if (!noted.ok) return noted;
    const updated = await profiles.update(id, rev, draft, acts, actor.id);
    if (updated.ok) return updated;
    const dropped = await moves.drop(id, rev + 1);
    return dropped.ok ? updated : failed(dropped.problem);
  });
  if (saved.ok) closeAllOf(id);
  return saved;
}
