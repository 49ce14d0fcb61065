"use server";

import { z } from "zod";
import { attempts, goesToLoopback, isAttemptId, isLoopbackTarget } from "#app/_server/attempts.ts";
import { auditSubject, auditTarget, leadOf } from "#app/_server/audit-subject.ts";
import { dialOf } from "#app/_server/dial-of.ts";
import { actionActor, mayWith } from "#app/_server/guard.ts";
import { noteAttempt } from "#app/_server/note-attempt.ts";
import { oldSecretWords } from "#app/_server/old-secret-words.ts";
import { triedForms } from "#app/_server/tried-forms.ts";
import { workspace } from "#app/_server/workspace.ts";
import { lookAtServer as lookAt } from "#lib/connect/connect.ts";
import { problem } from "#lib/problems/problem.ts";
import { bareForm } from "#lib/profiles/bare-form.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { profileView } from "#lib/profiles/profile-view.ts";
import { secretActs } from "#lib/profiles/secret-acts.ts";
import { unsavedConnections } from "#lib/session/close-clients.ts";
import type { UnsavedConnection } from "#lib/session/unsaved-connections.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { Actor } from "#lib/team/access.ts";
import type { AuditEvent } from "#lib/team/audit.ts";
import type { Workspace } from "#lib/workspace.ts";
import type { TestAnswer } from "./attempt/attempt-message.ts";
import { attemptStream } from "./attempt/attempt-stream.ts";
import { isAsKept } from "./attempt/is-as-kept.ts";
import { noteAll, noteEnd } from "./attempt/note-attempt-events.ts";
import type { StrongestAnswer } from "./attempt/strongest-answer.ts";
import { tryStrongest } from "./attempt/try-strongest.ts";
import { type FormRead, readForm, refused } from "./form/read-form.ts";
import type { SaveAnswer } from "./form/save-answer.ts";
import { formOf, mayChange, savedIdOf } from "./form-of.ts";
import { writeNew, writeOver, writeUnsaved } from "./write-connection.ts";

const profileId = z.string().min(1).max(100);
const savedAs = z.strictObject({ id: profileId, rev: z.int().min(0) });

/**
 * Looks at the form's server without signing in, and streams each step as it happens: no secret and no client
 * certificate is used, so it needs none, and a CA that is not there yet is no obstacle. It counts as a test.
 * @param attemptId chosen by the browser, as for a test
 */
export async function lookAtServer(values: unknown, attemptId: unknown): Promise<TestAnswer> {
  const actor = await actionActor("connections:test");
  if (!actor.ok) return refused(actor.problem);
  if (!isAttemptId(attemptId)) return refused(problem("setting-invalid", { field: "attempt" }));
  const loopback = goesToLoopback(values);
  const begun = attempts().begin(actor.value.id, attemptId, loopback);
  if (!begun.ok) return refused(begun.problem);
  const giveBack = () => attempts().giveBack(actor.value.id, attemptId, loopback);
  const opened = await workspace();
  if (!opened.ok) {
    giveBack();
    return refused(opened.problem);
  }
  const read = await readForm(actor.value, opened.value, bareForm(values));
  if (!read.ok) {
    // A look takes no key along, so nothing was worked for.
    giveBack();
    return read.problem;
  }
  const { draft } = read.value;
  const { audit } = opened.value;
  const subject = await auditSubject(actor.value);
  const event: AuditEvent = { action: "connection-look", target: auditTarget(draft) };
  const noted = await audit.note(subject, event);
  if (!noted.ok) {
    attempts().end(actor.value.id, attemptId);
    return refused(noted.problem);
  }
  const messages = await attemptStream(actor.value, {
    run: async (onEvent) => ({
      report: await lookAt(draft, { ...dialOf(opened.value), onEvent, signal: begun.value }),
    }),
    stop: () => attempts().cancel(actor.value.id, attemptId),
    ended: (report) => {
      attempts().end(actor.value.id, attemptId);
      noteEnd(audit, subject, event, report);
    },
  });
  return { type: "stream", messages };
}

/**
 * Looks for the strongest settings that the form's server allows, nothing weaker than the form itself. At most six
 * connections; `POST /api/attempts/[id]/cancel` ends it.
 * @param attemptId    chosen by the browser, as for a test
 * @param connectionId the saved connection that is being edited
 */
export async function findStrongest(
  values: unknown,
  attemptId: unknown,
  connectionId?: unknown,
): Promise<StrongestAnswer> {
  const actor = await actionActor("connections:test");
  if (!actor.ok) return refused(actor.problem);
  if (!isAttemptId(attemptId)) return refused(problem("setting-invalid", { field: "attempt" }));
  const counted = attempts().read(actor.value.id);
  if (!counted.ok) return refused(counted.problem);
  const opened = await workspace();
  if (!opened.ok) return refused(opened.problem);
  const found = await formOf(opened.value, actor.value, connectionId);
  if (!found.ok) return refused(found.problem);
  const allowed = await mayChange(opened.value, actor.value, found.value);
  if (!allowed.ok) return refused(allowed.problem);
  const previous = found.value?.profile;
  const read = await readForm(actor.value, opened.value, values, previous);
  if (!read.ok) return read.problem;
  const { draft, given, keys, mayLead, led } = read.value;
  const noted = await noteAll(opened.value.audit, await auditSubject(actor.value), [
    ...leadOf(draft, previous, led),
    { action: "connection-search", object: savedIdOf(found.value), target: auditTarget(draft) },
  ]);
  if (!noted.ok) return refused(noted.problem);
  return tryStrongest({
    given,
    keys,
    mayLead,
    userId: actor.value.id,
    attemptId,
    previous,
    dial: dialOf(opened.value),
    // What parses is a form.
    values: values as FormValues,
    loopback: isLoopback(draft),
  });
}

/**
 * Saves the form: a new connection, or over the revision that it was loaded with. The checks of the browser are all
 * made again.
 * @param target the saved connection and its revision; left out for a new one
 */
export async function saveConnection(values: unknown, target?: unknown): Promise<SaveAnswer> {
  const actor = await actionActor("connections:save");
  if (!actor.ok) return refused(actor.problem);
  const counted = attempts().read(actor.value.id);
  if (!counted.ok) return refused(counted.problem);
  const opened = await workspace();
  if (!opened.ok) return refused(opened.problem);
  if (target === undefined) return create(opened.value, actor.value, values);
  const parsed = savedAs.safeParse(target);
  return parsed.success
    ? update(opened.value, actor.value, values, parsed.data)
    : refused(problem("setting-invalid", { field: "connection" }));
}

function isLoopback({ host, networkAddress }: ProfileDraft): boolean {
  return isLoopbackTarget(networkAddress ?? host);
}

async function create(opened: Workspace, actor: Actor, values: unknown): Promise<SaveAnswer> {
  const read = await readForm(actor, opened, values);
  if (!read.ok) return read.problem;
  const created = await writeNew(opened, actor, read.value);
  if (!created.ok) return refused(created.problem);
  noteAsTried(actor, values, undefined, created.value.id);
  return savedAnswer(opened.profiles, created.value.id, actor);
}

async function update(
  opened: Workspace,
  actor: Actor,
  values: unknown,
  { id, rev }: z.infer<typeof savedAs>,
): Promise<SaveAnswer> {
  const { profiles } = opened;
  const found = await formOf(opened, actor, id);
  if (!found.ok || found.value === undefined) {
    return refused(found.ok ? problem("not-found") : found.problem);
  }
  const allowed = mayWith(actor, "connection:manage", found.value);
  if (!allowed.ok) return refused(allowed.problem);
  const { profile: previous, unsaved } = found.value;
  if (previous.rev !== rev) return { type: "conflict", theirs: profileView(previous, actor.id) };
  const read = await readForm(actor, opened, values, previous);
  if (!read.ok) return read.problem;
  if (unsaved !== undefined) return saveUnsavedForm(opened, actor, { values, read: read.value, unsaved });
  const { draft, led } = read.value;
  const acts = secretActs(draft, previous);
  const saved = await writeOver(opened, actor, previous, { draft, led, acts });
  if (saved.ok) {
    noteAsTried(actor, values, id, id);
    const answer = await savedAnswer(profiles, id, actor);
    const oldSecret = await oldSecretWords(opened, actor, previous, acts);
    return answer.type === "saved" && oldSecret !== undefined ? { ...answer, oldSecret } : answer;
  }
  if (saved.problem.code !== "vault-changed-meanwhile") return refused(saved.problem);
  const theirs = await profiles.open(id);
  return theirs.ok && theirs.value !== undefined
    ? { type: "conflict", theirs: profileView(theirs.value, actor.id) }
    : refused(theirs.ok ? problem("not-found") : theirs.problem);
}

/** The form of a connection that is used unsaved: what is open with its old settings ends. */
async function saveUnsavedForm(
  opened: Workspace,
  actor: Actor,
  { values, read, unsaved }: { values: unknown; read: FormRead; unsaved: UnsavedConnection },
): Promise<SaveAnswer> {
  const saved = await writeUnsaved(opened, actor, unsaved, read);
  if (!saved.ok) return refused(saved.problem);
  unsavedConnections().end(unsaved.profile.id);
  noteAsTried(actor, values, unsaved.profile.id, saved.value.id);
  if (unsaved.report !== undefined && isAsKept(values, unsaved.profile))
    noteAttempt(saved.value.id, unsaved.report, actor.id);
  return savedAnswer(opened.profiles, saved.value.id, actor);
}

/** A form that is saved as it was tried was tried: the list need not say otherwise. */
function noteAsTried(actor: Actor, values: unknown, of: string | undefined, id: string): void {
  // What parses is a form.
  const report = triedForms().take(actor.id, values as FormValues, of);
  if (report !== undefined) noteAttempt(id, report, actor.id);
}

async function savedAnswer(profiles: Workspace["profiles"], id: string, actor: Actor): Promise<SaveAnswer> {
  const saved = await profiles.open(id);
  if (!saved.ok) return refused(saved.problem);
  return saved.value === undefined
    ? refused(problem("not-found"))
    : { type: "saved", view: profileView(saved.value, actor.id) };
}
