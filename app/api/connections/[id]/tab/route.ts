import { z } from "zod";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { randomIdForm } from "#lib/random-id.ts";
import type { LostSession, TabSession } from "#lib/session/held.ts";
import { liveClients } from "#lib/session/live-clients.ts";

const id = z.string().regex(randomIdForm);

const tabBody = z.discriminatedUnion("act", [
  z.strictObject({
    act: z.literal("take"),
    tab: id,
    lease: id,
    /** The page has it by this one from now on; another page's copy of the old one opens nothing any more. */
    next: id,
    /** The page's browser has promised that no other living page has the tab. */
    locked: z.boolean().default(false),
    /** The person wants it here, although another page has it. */
    anyhow: z.boolean().default(false),
  }),
  z.strictObject({ act: z.enum(["look", "leave", "close"]), tab: id, lease: id }),
]);

export type TabBody = z.input<typeof tabBody>;

/** How a tab stands: whether this page has it, what its session holds, and what it has lost. */
export type TabAnswer =
  | { readonly here: false }
  | { readonly here: true; readonly session: TabSession | null; readonly lost: LostSession | null };

/**
 * A page takes an SQL tab of its own session, looks how it stands, goes away from it, or closes it for good. Nothing of any database is asked: of a connection
 * that is not there, no tab has a session.
 */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, tabBody);
  if (!body.ok) return problemResponse(body.problem);
  const profileId = (await params).id.slice(0, longestId);
  const { tab, lease } = body.value;
  const place = { userId: actor.id, sessionId: actor.sessionId, profileId, tab };
  const clients = liveClients();
  const gone = new Response(null, { status: 204, headers: { "Cache-Control": "no-store" } });
  switch (body.value.act) {
    case "leave":
      if (clients.tabs.leave(place, lease)) clients.leaveTab(place);
      return gone;
    case "close":
      if (clients.tabs.close(place, lease)) clients.closeTab(place);
      return gone;
    case "look":
      if (!clients.tabs.stay(place, lease)) return answer({ here: false });
      break;
    case "take":
      if (!clients.tabs.take(place, body.value)) return answer({ here: false });
  }
  const { session, lost } = await clients.lookAtTab(place);
  return answer({ here: true, session: session ?? null, lost: lost ?? null });
}

const longestId = 100;

function answer(found: TabAnswer): Response {
  return Response.json(found, { headers: { "Cache-Control": "no-store" } });
}
