import { z } from "zod";
import { auditSubject, auditTarget } from "#app/_server/audit-subject.ts";
import { connectionFor } from "#app/_server/connection-for.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { mayWrite } from "#app/_server/may-write.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { noStore, readConnection, refusal } from "#app/_server/read-connection.ts";
import { workspace } from "#app/_server/workspace.ts";
import { endSession } from "#lib/activity/server-activity.ts";
import { endActs } from "#lib/activity/shapes.ts";

const endBody = z.strictObject({
  act: z.enum(endActs),
  pid: z.int().min(1).max(2_147_483_647),
  /** As it was told: another session may have the number by now. */
  start: z
    .string()
    .regex(/^\d{1,18}$/)
    .nullable(),
});

export type EndBody = z.input<typeof endBody>;

/**
 * Cancels a statement of another session of the server, or ends the session: an `EndOutcome`. It is noted before it is
 * done, and what came of it where it was not done.
 */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, endBody);
  if (!body.ok) return problemResponse(body.problem);
  const { id } = await params;
  const opened = await workspace();
  if (!opened.ok) return refusal(opened.problem);
  const found = await connectionFor(actor, id, "activity:end");
  if (!found.ok) return refusal(found.problem);
  const unlocked = mayWrite(actor, found.value);
  if (!unlocked.ok) return refusal(unlocked.problem);

  const { audit } = opened.value;
  const { rootId, profile } = found.value;
  const { act, pid } = body.value;
  const subject = await auditSubject(actor);
  const event = {
    action: act === "cancel" ? "activity-cancel" : "activity-end",
    object: rootId,
    target: auditTarget(profile),
    changes: [{ field: "pid", from: String(pid), to: "" }],
  } as const;
  return readConnection(actor, id, request, async (session) => {
    const noted = await audit.note(subject, event);
    if (!noted.ok) {
      session.release();
      return refusal(noted.problem);
    }
    const outcome = await endSession(session.connection, body.value);
    session.release();
    if (outcome.came !== "sent") {
      const told = await audit.note(subject, event, resultOf[outcome.came]);
      if (!told.ok) return refusal(told.problem);
    }
    return Response.json(outcome, { headers: noStore });
  });
}

/** As the log tells of what was not done: codes of problems, which have words. */
const resultOf = { gone: "not-found", denied: "not-allowed", failed: "unexpected" } as const;
