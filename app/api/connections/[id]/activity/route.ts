import { z } from "zod";
import { connectionFor } from "#app/_server/connection-for.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { mayWrite } from "#app/_server/may-write.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { catalogueTrouble, noStore, readConnection, refusal } from "#app/_server/read-connection.ts";
import { serverActivity } from "#lib/activity/server-activity.ts";
import type { ServerActivity, ServerSession, Whose } from "#lib/activity/shapes.ts";
import { liveClients } from "#lib/session/live-clients.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import { type Actor, can } from "#lib/team/access.ts";

const nothing = z.strictObject({});

/** Who is connected to the server and what they do: a `ServerActivity`. Nothing of it is kept. */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, nothing);
  if (!body.ok) return problemResponse(body.problem);
  const { id } = await params;
  const found = await connectionFor(actor, id, "data:read");
  if (!found.ok) return refusal(found.problem);
  return readConnection(actor, id, request, async (session) => {
    const told = await serverActivity(session.connection);
    session.release();
    if (!told.ok) return catalogueTrouble(told.trouble);
    const activity: ServerActivity = {
      ...told.value,
      sessions: told.value.sessions.map((one) => ({ ...one, whose: whoseIs(one, actor, id) })),
      mayEnd: mayEnd(actor, found.value),
      readAt: new Date().toISOString(),
    };
    return Response.json(activity, { headers: noStore });
  });
}

/** By the sessions of this process, and by the name that all of the console's have unless the connection has one. */
function whoseIs(
  { pid, application }: Pick<ServerSession, "pid" | "application">,
  { id }: Pick<Actor, "id">,
  connectionId: string,
): Whose | null {
  const backend = liveClients()
    .backends(connectionId)
    .find((one) => one.pid === pid);
  if (backend !== undefined)
    return backend.userId === id ? { who: "you", tab: backend.tab } : { who: "console" };
  if (!application.startsWith("cloak:")) return null;
  return application === `cloak:${id}` ? { who: "you", tab: null } : { who: "console" };
}

function mayEnd(actor: Actor, connection: FoundConnection): ServerActivity["mayEnd"] {
  if (!can(actor, "activity:end", connection)) return "read-access";
  return mayWrite(actor, connection).ok ? "yes" : "production-locked";
}
