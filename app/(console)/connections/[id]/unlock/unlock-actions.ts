"use server";

import { z } from "zod";
import { type Answer, answer, refuse } from "#app/_server/answer.ts";
import { auditSubject, auditTarget } from "#app/_server/audit-subject.ts";
import { endForbidden } from "#app/_server/end-forbidden.ts";
import { findConnection } from "#app/_server/find-connection.ts";
import { actionActor, mayWith } from "#app/_server/guard.ts";
import { log } from "#app/_server/log.ts";
import { watchStore } from "#app/_server/watch-store.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import { ok } from "#lib/problems/result.ts";
import { writeUnlocks } from "#lib/session/close-clients.ts";
import { unlockMinutes } from "#lib/team/unlock-minutes.ts";
import { visibly } from "#lib/visible-text.ts";

const asked = z.strictObject({
  id: z.string().min(1).max(100),
  /** One line, without signs that could turn round what the log says beside it. */
  reason: z
    .string()
    .trim()
    .min(3)
    .max(200)
    .refine((text) => visibly(text) === text),
  minutes: z.literal(unlockMinutes),
});

/**
 * Unlocks writing on a Production connection, for the caller's own console session and a time. It ends by itself, and
 * earlier with the session, the access, or a change of the connection; its write sessions end with it.
 */
export async function unlockWriting(input: unknown): Promise<Answer<null>> {
  const actor = await actionActor("connections:use");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = asked.safeParse(input);
  if (!parsed.success) {
    return refuse(problem("setting-invalid", { field: String(parsed.error.issues[0]?.path[0] ?? "reason") }));
  }
  const { id, reason, minutes } = parsed.data;
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const found = await findConnection(opened.value, actor.value, id);
  if (!found.ok) return refuse(found.problem);
  if (found.value === undefined) return refuse(problem("not-found"));
  const allowed = mayWith(actor.value, "data:write", found.value);
  if (!allowed.ok) return refuse(allowed.problem);
  const { isProduction, rootId, profile } = found.value;
  // Elsewhere there is nothing to unlock.
  if (!isProduction) return answer(null);
  const { audit } = opened.value;
  const subject = await auditSubject(actor.value);
  const { id: userId, sessionId } = actor.value;
  const changes = [{ field: "minutes", from: "", to: String(minutes) }];
  const event = {
    action: "write-unlock",
    object: rootId,
    target: auditTarget(profile),
    reason,
    changes,
  } as const;
  const unlocked = await audit.during(subject, event, async () => {
    watchStore(opened.value);
    writeUnlocks().open({ userId, sessionId, connectionId: rootId, minutes }, () => {
      const told = audit.note(subject, { action: "write-lock", object: rootId });
      Promise.all([told, endForbidden(opened.value)]).then(
        (done) => done.every((one) => one.ok) || log().error("the end of unlocked writing was not noted"),
        (error: unknown) => log().error({ err: error }, "unlocked writing did not end as it should"),
      );
    });
    return ok(undefined);
  });
  return unlocked.ok ? answer(null) : refuse(unlocked.problem);
}

/** Locks writing again, and ends the caller's write sessions. */
export async function lockWriting(id: unknown): Promise<Answer<null>> {
  const actor = await actionActor("connections:use");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = asked.shape.id.safeParse(id);
  if (!parsed.success) return refuse(problem("not-found"));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const found = await findConnection(opened.value, actor.value, parsed.data);
  if (!found.ok) return refuse(found.problem);
  if (found.value === undefined) return refuse(problem("not-found"));
  writeUnlocks().end({ sessionId: actor.value.sessionId, connectionId: found.value.rootId });
  return answer(null);
}
