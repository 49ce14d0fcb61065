import { z } from "zod";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { randomIdForm } from "#lib/random-id.ts";
import { cancelStatement } from "#lib/session/running-statements.ts";

const cancelBody = z.strictObject({ runId: z.string().regex(randomIdForm) });

/** Ends one's own running statement on the server. Its stream tells how it ended. */
export async function POST(request: Request): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, cancelBody);
  if (!body.ok) return problemResponse(body.problem);
  cancelStatement(actor.id, body.value.runId);
  return new Response(null, { status: 204, headers: { "Cache-Control": "no-store" } });
}
