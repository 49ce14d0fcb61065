import "server-only";
import { closeClientsOfSession } from "#lib/postgres/live-clients.ts";
import type { Workspace } from "#lib/workspace.ts";
import { callerOf } from "./current-user.ts";
import { problemResponse } from "./problem-response.ts";
import { sessionCookie } from "./session-cookie.ts";

/** Begins a session and answers with its cookie. The browser's session before this one ends: a token is never reused. */
export async function beginSession(
  { sessions }: Workspace,
  sent: Headers,
  userId: string,
): Promise<Response> {
  const before = await callerOf(sent);
  const started = await sessions.start(userId, sent.get("user-agent") ?? "");
  if (!started.ok) return problemResponse(started.problem);
  const old = before.ok ? before.value.actor : undefined;
  if (old !== undefined) {
    await sessions.end(old.id, old.sessionId);
    closeClientsOfSession(old.sessionId);
  }
  const headers = {
    "Cache-Control": "no-store",
    "Set-Cookie": sessionCookie(sent.get("host"), started.value.cookie),
  };
  return Response.json({ status: "ok" }, { headers });
}
