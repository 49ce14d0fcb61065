"use server";

import { z } from "zod";
import { acquireClient } from "#app/_server/acquire-client.ts";
import { type Answer, answer, refuse } from "#app/_server/answer.ts";
import { attempts, isAttemptId } from "#app/_server/attempts.ts";
import { auditSubject, leadOf } from "#app/_server/audit-subject.ts";
import { findConnection } from "#app/_server/find-connection.ts";
import { actionActor, mayAlso, mayWith } from "#app/_server/guard.ts";
import { noteAttempt } from "#app/_server/note-attempt.ts";
import { triedForms } from "#app/_server/tried-forms.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import { ok } from "#lib/problems/result.ts";
import { connectionName } from "#lib/profiles/form-schema.ts";
import { unsavedConnections } from "#lib/session/close-clients.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { TestAnswer } from "./attempt/attempt-message.ts";
import { attemptStream } from "./attempt/attempt-stream.ts";
import { isAsKept } from "./attempt/is-as-kept.ts";
import { readForm, refused } from "./form/read-form.ts";
import { writeUnsaved } from "./write-connection.ts";

const connectionId = z.string().min(1).max(100);

/**
 * Connects with the form as it stands and saves nothing: streams each step as a test does, and at its end the id under
 * which the connection stands open, for this console session alone. Where it does not connect nothing is left of it.
 * @param attemptId chosen by the browser, as for a test
 * @param from      the connection that the form is of, saved or not
 */
export async function connectUnsaved(
  values: unknown,
  attemptId: unknown,
  from?: unknown,
): Promise<TestAnswer> {
  const actor = await actionActor("connections:use");
  if (!actor.ok) return refused(actor.problem);
  if (!mayAlso(actor.value, "connections:test")) return refused(problem("not-allowed"));
  if (!isAttemptId(attemptId)) return refused(problem("setting-invalid", { field: "attempt" }));
  const { id: userId, sessionId } = actor.value;
  const counted = attempts().read(userId);
  if (!counted.ok) return refused(counted.problem);
  const opened = await workspace();
  if (!opened.ok) return refused(opened.problem);
  const asked = connectionId.optional().safeParse(from);
  if (!asked.success) return refused(problem("not-found"));
  const previous =
    asked.data === undefined ? ok(undefined) : await findConnection(opened.value, actor.value, asked.data);
  if (!previous.ok) return refused(previous.problem);
  if (asked.data !== undefined && previous.value === undefined) return refused(problem("not-found"));

  const kept = previous.value;
  const allowed =
    kept === undefined || isAsKept(values, kept.profile)
      ? ok(undefined)
      : mayWith(actor.value, "connection:manage", kept);
  if (!allowed.ok) return refused(allowed.problem);

  const read = await readForm(actor.value, opened.value, values, kept?.profile);
  if (!read.ok) return read.problem;
  const { draft, led } = read.value;
  const subject = await auditSubject(actor.value);
  for (const event of leadOf(draft, kept?.profile, led)) {
    const noted = await opened.value.audit.note(subject, event);
    if (!noted.ok) return refused(noted.problem);
  }
  const { id } = unsavedConnections().keep({ userId, sessionId }, draft, led, kept).profile;
  const signal = attempts().watch(userId, attemptId);
  let connected = false;
  const messages = await attemptStream(actor.value, {
    run: async (onEvent) => {
      const looks = { profileId: id, mode: "read-only", onlyLooks: true } as const;
      const acquired = await acquireClient(actor.value, { ...looks, signal, subject, onEvent });
      if (!acquired.ok) {
        const { problem: found, report } = acquired.problem;
        return report === null ? { problem: found } : { report };
      }
      const { session } = acquired.value;
      session.release();
      connected = true;
      return { report: session.connection.report, opened: id };
    },
    stop: () => attempts().cancel(userId, attemptId),
    ended: (report) => {
      attempts().end(userId, attemptId);
      // What parses is a form.
      if (report !== undefined) triedForms().note(userId, values as FormValues, kept?.profile.id, report);
      // Whoever cancelled, or went away, will not come back to it.
      if (!connected || signal.aborted) unsavedConnections().end(id);
    },
  });
  return { type: "stream", messages };
}

const saving = z.strictObject({ id: connectionId, name: z.string().max(1000) });

/**
 * Saves a connection that is used unsaved, exactly as it connected: under the id that it is open by, or over the saved
 * one that it was made of.
 * @param name what it is to be called; empty, as it is
 * @returns the id of the saved connection
 */
export async function saveUnsaved(id: unknown, name: unknown): Promise<Answer<{ readonly id: string }>> {
  const actor = await actionActor("connections:save");
  if (!actor.ok) return refuse(actor.problem);
  const asked = saving.safeParse({ id, name });
  if (!asked.success) return refuse(problem("setting-invalid", { field: "connection" }));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { id: userId, sessionId } = actor.value;
  const unsaved = unsavedConnections().find({ userId, sessionId }, asked.data.id);
  if (unsaved === undefined) return refuse(problem("not-found"));
  const stands = await findConnection(opened.value, actor.value, unsaved.profile.id);
  if (!stands.ok) return refuse(stands.problem);
  if (stands.value === undefined) return refuse(problem("not-found"));
  const allowed = mayWith(actor.value, "connection:manage", stands.value);
  if (!allowed.ok) return refuse(allowed.problem);
  const { profile, report } = unsaved;
  const called = connectionName().safeParse(asked.data.name);
  if (!called.success) return refuse(problem("setting-invalid", { field: "name" }));
  const draft = { ...profile, name: called.data || profile.name };
  const saved = await writeUnsaved(opened.value, actor.value, unsaved, { draft, led: [] }, profile.id);
  if (!saved.ok) return refuse(saved.problem);
  unsavedConnections().settle(profile.id);
  if (report !== undefined) noteAttempt(saved.value.id, report, actor.value.id);
  return answer({ id: saved.value.id });
}
