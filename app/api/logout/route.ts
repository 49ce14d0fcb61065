import { setTimeout as sleep } from "node:timers/promises";
import { auditSubject } from "#app/_server/audit-subject.ts";
import { callerOf } from "#app/_server/current-user.ts";
import { refuseForeign } from "#app/_server/guard.ts";
import { log } from "#app/_server/log.ts";
import { endedSessionCookie } from "#app/_server/session-cookie.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import { closeClientsOfSession } from "#lib/session/close-clients.ts";

/** Ends the caller's session on the server. Without one there is nothing to end, and that is no mistake. */
export async function POST(request: Request): Promise<Response> {
  const refused = refuseForeign(request);
  if (refused !== undefined) return refused;
  const caller = await callerOf(request.headers);
  const opened = await workspace();
  let kept = true;
  if (caller.ok && caller.value.actor !== undefined && opened.ok) {
    const { actor } = caller.value;
    const { id, sessionId } = actor;
    const { audit, sessions } = opened.value;
    // The act before the line, for once: whoever wants to go is let go, whatever the disk or another writer says.
    const ended = await sessions.end(id, sessionId);
    closeClientsOfSession(sessionId);
    kept = ended.ok;
    const result = ended.ok ? "allowed" : ended.problem.code;
    const noting = audit.note(await auditSubject(actor), { action: "logout" }, result);
    const noted = await Promise.race([noting, sleep(longestNote, undefined, { ref: false })]);
    if (noted !== undefined && !noted.ok)
      log().warn({ problem: noted.problem.code }, "a sign-out was not noted in the audit log");
  }
  const host = request.headers.get("host");
  const headers = {
    "Cache-Control": "no-store",
    // Not the cookies: the one by which this browser is known again stays, and over plain HTTP the cookies of every
    // port of this machine are one jar, so that clearing it would sign other consoles out.
    "Clear-Site-Data": '"storage"',
    "Set-Cookie": endedSessionCookie(host),
  };
  if (kept) return new Response(null, { status: 204, headers });
  // Here the session is over; after a restart the console would know it again.
  return Response.json({ problem: problem("sign-out-not-kept") }, { status: 500, headers });
}

/** A line of the log waits for other writers; who leaves does not wait that long, ms. */
const longestNote = 1000;
