import "server-only";
import { attempts, goesToLoopback } from "#app/_server/attempts.ts";
import { auditSubject, auditTarget, leadOf } from "#app/_server/audit-subject.ts";
import { dialOf } from "#app/_server/dial-of.ts";
import { noteHow } from "#app/_server/note-attempt.ts";
import { triedForms } from "#app/_server/tried-forms.ts";
import { refuseUntold } from "#app/_server/untold-moves.ts";
import { workspace } from "#app/_server/workspace.ts";
import { KeyOpener } from "#lib/certificates/unlock-key.ts";
import { testConnection } from "#lib/connect/connect.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { Actor } from "#lib/team/access.ts";
import type { AuditEvent } from "#lib/team/audit.ts";
import { readForm, refused } from "../form/read-form.ts";
import { formOf, mayChange, savedIdOf } from "../form-of.ts";
import type { TestAnswer } from "./attempt-message.ts";
import { attemptStream } from "./attempt-stream.ts";
import { isAsKept } from "./is-as-kept.ts";
import { noteAll, noteEnd } from "./note-attempt-events.ts";

/** A form to be tried, as the browser sends it. */
export interface AskedTest {
  /** Chosen by the browser, so that it can cancel before the first answer arrives. */
  readonly attemptId: string;
  readonly values: unknown;
  /** The saved connection that is being edited; undefined for a new one. */
  readonly connectionId: string | undefined;
}

/**
 * Tries the form as it stands, unsaved, and streams each step as it happens. Secrets that the form keeps come from
 * the saved connection. `POST /api/attempts/[id]/cancel` ends it, and so does whoever leaves the stream.
 */
export async function testForm(
  actor: Actor,
  { attemptId, values, connectionId }: AskedTest,
): Promise<TestAnswer> {
  const loopback = goesToLoopback(values);
  const begun = attempts().begin(actor.id, attemptId, loopback);
  if (!begun.ok) return refused(begun.problem);
  const giveBack = () => attempts().giveBack(actor.id, attemptId, loopback);
  const opened = await workspace();
  if (!opened.ok) {
    giveBack();
    return refused(opened.problem);
  }
  const found = await formOf(opened.value, actor, connectionId);
  if (!found.ok) {
    giveBack();
    return refused(found.problem);
  }
  const previous = found.value?.profile;
  const isKept = found.value !== undefined && isAsKept(values, found.value.profile);
  const allowed = isKept
    ? await refuseUntold(opened.value, actor, found.value)
    : await mayChange(opened.value, actor, found.value);
  if (!allowed.ok) {
    giveBack();
    return refused(allowed.problem);
  }

  const keys = new KeyOpener();
  const read = await readForm(actor, opened.value, values, previous, keys);
  if (!read.ok) {
    if (keys.hasWorked) attempts().end(actor.id, attemptId);
    else giveBack();
    return read.problem;
  }
  const { draft } = read.value;
  const { audit } = opened.value;
  const subject = await auditSubject(actor);
  const event: AuditEvent = {
    action: "connection-test",
    object: savedIdOf(found.value),
    target: auditTarget(draft),
  };
  const noted = await noteAll(audit, subject, [...leadOf(draft, previous, read.value.led), event]);
  if (!noted.ok) {
    attempts().end(actor.id, attemptId);
    return refused(noted.problem);
  }
  const tried = isKept ? found.value : undefined;
  const messages = await attemptStream(actor, {
    run: async (onEvent) => ({
      report: await testConnection(draft, { ...dialOf(opened.value), onEvent, signal: begun.value }),
    }),
    stop: () => attempts().cancel(actor.id, attemptId),
    ended: (report) => {
      attempts().end(actor.id, attemptId);
      if (tried !== undefined && report !== undefined) noteHow(tried, report, actor.id);
      // What parses is a form.
      if (report !== undefined) triedForms().note(actor.id, values as FormValues, previous?.id, report);
      noteEnd(audit, subject, event, report);
    },
  });
  return { type: "stream", messages };
}
