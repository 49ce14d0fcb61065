"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { type Answer, answer, refuse } from "#app/_server/answer.ts";
import { auditSubject } from "#app/_server/audit-subject.ts";
import { findConnection } from "#app/_server/find-connection.ts";
import { actionActor, mayAlso, mayWith } from "#app/_server/guard.ts";
import { log } from "#app/_server/log.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { hostCredentialsAtRisk } from "#lib/profiles/secrets-at-risk.ts";
import { together } from "#lib/saved/profile-store.ts";
import { closeAllOf } from "#lib/session/close-clients.ts";
import { type Actor, type ConnectionAct, can } from "#lib/team/access.ts";
import { preferences } from "#lib/team/preferences.ts";
import type { Workspace } from "#lib/workspace.ts";

const profileId = z.string().min(1).max(100);

/** Removes a connection and closes its clients. It can be undone for an hour. */
export async function removeConnection(id: unknown): Promise<Answer<null>> {
  const actor = await actionActor("connections:remove");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = profileId.safeParse(id);
  if (!parsed.success) return refuse(problem("not-found"));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const allowed = await savedWith(opened.value, actor.value, "connection:manage", parsed.data);
  if (!allowed.ok) return refuse(allowed.problem);
  const { audit, profiles } = opened.value;
  const removed = await audit.during(
    await auditSubject(actor.value),
    { action: "connection-remove", object: parsed.data },
    () => profiles.remove(parsed.data),
  );
  if (!removed.ok) return refuse(removed.problem);
  closeAllOf(parsed.data);
  // Gone it is, whether or not the slip can be undone.
  const keeping = await opened.value.removedProfiles.keep(actor.value.id, parsed.data, removed.value);
  if (!keeping.ok) log().warn({ problem: keeping.problem.code }, "a removal cannot be undone");
  else if (keeping.value.length > 0) {
    const gone = keeping.value;
    const tidied = [
      await opened.value.grants.forget(gone),
      await opened.value.labels.forget(gone),
      await opened.value.moves.forget(gone),
      await opened.value.savedQueries.forget(gone),
    ];
    for (const one of tidied)
      if (!one.ok) log().warn({ problem: one.problem.code }, "what is gone was not forgotten");
  }
  // The connection is gone, and can be put back, whatever becomes of the note how it looked.
  const forgotten = await opened.value.lastSeen.forget(parsed.data);
  if (!forgotten.ok) {
    log().warn(
      { profileId: parsed.data, problem: forgotten.problem.code },
      "its last look was not forgotten",
    );
  }
  return answer(null);
}

/** Puts a connection back that somebody removed a moment ago; whoever managed it may, and every owner. */
export async function undoRemoval(id: unknown): Promise<Answer<null>> {
  const actor = await actionActor("connections:remove");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = profileId.safeParse(id);
  if (!parsed.success) return refuse(problem("not-found"));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const book = await opened.value.grants.read();
  if (!book.ok) return refuse(book.problem);
  // Of what is gone nobody else is told that it was there.
  if (!can(actor.value, "connection:manage", { grants: book.value.of(parsed.data) })) {
    return refuse(problem("not-found"));
  }
  const taken = await opened.value.removedProfiles.take(parsed.data);
  if (!taken.ok) return refuse(taken.problem);
  const record = taken.value;
  if (record === undefined) return refuse(problem("not-found"));
  const { audit, profiles } = opened.value;
  const restored = await audit.during(
    await auditSubject(actor.value),
    { action: "connection-restore", object: parsed.data },
    () => profiles.putBack(record),
  );
  if (!restored.ok) {
    const again = await opened.value.removedProfiles.keep(actor.value.id, parsed.data, record);
    return refuse(again.ok ? restored.problem : again.problem);
  }
  return answer(null);
}

/** Makes a second connection with the same settings and without the secrets. */
export async function duplicateConnection(id: unknown): Promise<Answer<{ readonly id: string }>> {
  const actor = await actionActor("connections:save");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = profileId.safeParse(id);
  if (!parsed.success) return refuse(problem("not-found"));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const found = await savedWith(opened.value, actor.value, "data:read", parsed.data);
  if (!found.ok) return refuse(found.problem);
  // A copy signs in as what it is a copy of where that takes nothing but what the host has.
  if (hostCredentialsAtRisk(found.value, undefined) && !mayAlso(actor.value, "host-credentials:use")) {
    return refuse(problem("not-allowed", { act: "host-credentials:use" }));
  }
  const { audit, grants, labels, profiles } = opened.value;
  const copy = await audit.during(
    await auditSubject(actor.value),
    { action: "connection-duplicate", object: parsed.data },
    () =>
      profiles.duplicate(parsed.data, together(grants.starting(actor.value.id), labels.alike(parsed.data))),
  );
  return copy.ok ? answer({ id: copy.value.id }) : refuse(copy.problem);
}

/**
 * Takes the note off a connection that was taken over, with the old string that could not be read.
 * @param rev the revision that the note was read with
 */
export async function dismissImportNote(id: unknown, rev: unknown): Promise<Answer<null>> {
  const actor = await actionActor("connections:save");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = z.tuple([profileId, z.int().min(0)]).safeParse([id, rev]);
  if (!parsed.success) return refuse(problem("not-found"));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const allowed = await savedWith(opened.value, actor.value, "connection:manage", parsed.data[0]);
  if (!allowed.ok) return refuse(allowed.problem);
  const dismissed = await opened.value.profiles.dismissImport(...parsed.data);
  return dismissed.ok ? answer(null) : refuse(dismissed.problem);
}

/** A saved connection that the caller may do this with. @returns `not-found`, `not-allowed` */
async function savedWith(
  opened: Workspace,
  actor: Actor,
  act: ConnectionAct,
  id: string,
): Promise<Result<ConnectionProfile>> {
  const found = await findConnection(opened, actor, id);
  if (!found.ok) return found;
  if (found.value === undefined || found.value.unsaved !== undefined) return failed(problem("not-found"));
  const allowed = mayWith(actor, act, found.value);
  return allowed.ok ? ok(found.value.profile) : allowed;
}

/** Keeps the caller's own preferences. */
export async function savePreferences(input: unknown): Promise<Answer<null>> {
  const actor = await actionActor("own:settings");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = preferences.safeParse(input);
  if (!parsed.success) {
    return refuse(problem("setting-invalid", { field: String(parsed.error.issues[0]?.path[0] ?? "") }));
  }
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const saved = await opened.value.preferences.save(actor.value.id, parsed.data);
  if (!saved.ok) return refuse(saved.problem);
  revalidatePath("/", "layout");
  return answer(null);
}
