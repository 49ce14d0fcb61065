"use server";

import { z } from "zod";
import { type Answer, answer, refuse } from "#app/_server/answer.ts";
import { auditSubject } from "#app/_server/audit-subject.ts";
import { sessionDevice } from "#app/_server/device-cookie.ts";
import { actionActor } from "#app/_server/guard.ts";
import { renewSessionCookie } from "#app/_server/session-cookie.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import { Secret } from "#lib/secret.ts";
import { closeClientsOfSession, closeClientsOfUser } from "#lib/session/close-clients.ts";
import { sessionHash } from "#lib/team/audit.ts";

const passwordChange = z.strictObject({ current: z.string().max(256), next: z.string().max(256) });

/** Ends one of the caller's own sessions. */
export async function endSession(id: unknown): Promise<Answer<null>> {
  const actor = await actionActor("own:settings");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = z.string().min(1).max(100).safeParse(id);
  if (!parsed.success) return refuse(problem("not-found"));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { audit, sessions } = opened.value;
  const ended = await audit.during(
    await auditSubject(actor.value),
    { action: "session-end", object: sessionHash(parsed.data) },
    () => sessions.end(actor.value.id, parsed.data),
  );
  if (!ended.ok) return refuse(ended.problem);
  if (!ended.value) return refuse(problem("not-found"));
  closeClientsOfSession(parsed.data);
  return answer(null);
}

/** Changes the caller's password after the current one was given; their other sessions end, and this one gets a new token. */
export async function changePassword(input: unknown): Promise<Answer<null>> {
  const actor = await actionActor("own:settings");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = passwordChange.safeParse(input);
  if (!parsed.success) return refuse(problem("setting-invalid", { field: "password" }));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { audit, users, sessions, throttle } = opened.value;
  const subject = await auditSubject(actor.value);
  const { name, sessionId } = actor.value;
  const pass = await throttle.ask({ account: name, device: sessionDevice(sessionId) });
  if (!pass.ok) return refuse(pass.problem);
  const same = await users.signIn(actor.value.name, new Secret(parsed.data.current));
  if (!same.ok) return refuse(same.problem);
  if (same.value?.id !== actor.value.id) {
    const noted = await audit.noteRefusal(subject, { action: "password-change" }, "not-allowed");
    return refuse(noted.ok ? problem("not-allowed", { reason: "password" }) : noted.problem);
  }
  pass.value.succeeded();
  const changed = await audit.during(subject, { action: "password-change" }, () =>
    users.changePassword(actor.value.id, new Secret(parsed.data.next)),
  );
  if (!changed.ok) return refuse(changed.problem);
  const ended = await sessions.endAll(actor.value.id, {
    id: actor.value.sessionId,
    epoch: changed.value.sessionsFrom,
  });
  closeClientsOfUser(actor.value.id, actor.value.sessionId);
  if (!ended.ok) return refuse(ended.problem);
  // Whoever came by the old token in this browser has lost it, too.
  const renewed = await sessions.renew(actor.value.id, actor.value.sessionId);
  if (!renewed.ok) return refuse(renewed.problem);
  if (renewed.value !== undefined) await renewSessionCookie(renewed.value);
  return answer(null);
}
