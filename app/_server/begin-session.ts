import "server-only";
import type { Problem } from "#lib/problems/problem.ts";
import { closeClientsOfSession } from "#lib/session/close-clients.ts";
import type { User } from "#lib/team/users.ts";
import type { Workspace } from "#lib/workspace.ts";
import { stranger } from "./audit-subject.ts";
import { callerOf } from "./current-user.ts";
import { deviceCookie } from "./device-cookie.ts";
import { problemResponse } from "./problem-response.ts";
import { sessionCookie } from "./session-cookie.ts";

/** Begins a session, notes it, and answers with its cookie. The browser's session before this one ends: a token is never reused. */
export async function beginSession(opened: Workspace, sent: Headers, user: User): Promise<Response> {
  const { sessions, audit } = opened;
  const before = await callerOf(sent);
  const started = await sessions.start(user.id, sent.get("user-agent") ?? "", user.sessionsFrom);
  if (!started.ok) return problemResponse(started.problem);
  const { id } = started.value.session;
  /** Ends it again: nobody was given its cookie. */
  const undone = async (trouble: Problem): Promise<Problem> => {
    const ended = await sessions.end(user.id, id);
    return ended.ok ? trouble : { ...trouble, also: [...trouble.also, ended.problem.code] };
  };
  const noted = await audit.note({ ...stranger(sent), actor: user.id, sessionId: id }, { action: "login" });
  if (!noted.ok) {
    return problemResponse(await undone(noted.problem));
  }
  const old = before.ok ? before.value.actor : undefined;
  if (old !== undefined) {
    closeClientsOfSession(old.sessionId);
    const ended = await sessions.end(old.id, old.sessionId);
    // After a restart the old token would open a session again.
    if (!ended.ok) return problemResponse(await undone(ended.problem));
  }
  const headers = new Headers({ "Cache-Control": "no-store" });
  headers.append("Set-Cookie", sessionCookie(sent.get("host"), started.value.cookie));
  headers.append("Set-Cookie", deviceCookie(opened, sent, user.name));
  return Response.json({ status: "ok" }, { headers });
}
