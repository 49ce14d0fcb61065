"use server";

import { z } from "zod";
import { type Answer, answer, refuse } from "#app/_server/answer.ts";
import { auditSubject } from "#app/_server/audit-subject.ts";
import { sessionDevice } from "#app/_server/device-cookie.ts";
import { actionActor } from "#app/_server/guard.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import { Secret } from "#lib/secret.ts";

/**
 * Confirms who is at the keyboard: the caller's own console password. For the next minutes (`leadWindow`) this session
 * may lead on what its user gave. A wrong one counts as a wrong sign-in of this account does.
 */
export async function confirmOwnPassword(password: unknown): Promise<Answer<null>> {
  const actor = await actionActor("own:settings");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = z.string().min(1).max(256).safeParse(password);
  if (!parsed.success) return refuse(problem("setting-invalid", { field: "password" }));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { audit, users, sessions, throttle } = opened.value;
  const subject = await auditSubject(actor.value);
  // A session counts for itself, as a known browser does: strangers who guess at the account keep nobody from confirming.
  const pass = await throttle.ask({
    account: actor.value.name,
    device: sessionDevice(actor.value.sessionId),
  });
  if (!pass.ok) return refuse(pass.problem);
  const same = await users.signIn(actor.value.name, new Secret(parsed.data));
  if (!same.ok) return refuse(same.problem);
  if (same.value?.id !== actor.value.id) {
    const noted = await audit.noteRefusal(subject, { action: "password-confirm" }, "not-allowed");
    return refuse(noted.ok ? problem("not-allowed", { reason: "password" }) : noted.problem);
  }
  pass.value.succeeded();
  const confirmed = await audit.during(subject, { action: "password-confirm" }, () =>
    sessions.confirm(actor.value.id, actor.value.sessionId),
  );
  if (!confirmed.ok) return refuse(confirmed.problem);
  return confirmed.value ? answer(null) : refuse(problem("not-signed-in"));
}
