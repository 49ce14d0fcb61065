import { auditSubject } from "#app/_server/audit-subject.ts";
import { callerOf } from "#app/_server/current-user.ts";
import { refuseForeign } from "#app/_server/guard.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { endedSessionCookie } from "#app/_server/session-cookie.ts";
import { workspace } from "#app/_server/workspace.ts";
import { closeClientsOfSession } from "#lib/session/live-clients.ts";

/** Ends the caller's session on the server. Without one there is nothing to end, and that is no mistake. */
export async function POST(request: Request): Promise<Response> {
  const refused = refuseForeign(request);
  if (refused !== undefined) return refused;
  const caller = await callerOf(request.headers);
  const opened = await workspace();
  if (caller.ok && caller.value.actor !== undefined && opened.ok) {
    const { actor } = caller.value;
    const { id, sessionId } = actor;
    const { audit, sessions } = opened.value;
    const ended = await audit.during(await auditSubject(actor), { action: "logout" }, () =>
      sessions.end(id, sessionId),
    );
    if (!ended.ok) return problemResponse(ended.problem);
    closeClientsOfSession(sessionId);
  }
  const host = request.headers.get("host");
  return new Response(null, {
    status: 204,
    headers: {
      "Cache-Control": "no-store",
      // Not the cookies: the one by which this browser is known again stays, and over plain HTTP the cookies of every
      // port of this machine are one jar, so that clearing it would sign other consoles out.
      "Clear-Site-Data": '"storage"',
      "Set-Cookie": endedSessionCookie(host),
    },
  });
}
