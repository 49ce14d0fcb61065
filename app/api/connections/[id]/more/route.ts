import { z } from "zod";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { randomIdForm } from "#lib/random-id.ts";
import { greatestRowCap } from "#lib/session/run-statement.ts";
import { moreRows } from "#lib/session/waiting-results.ts";

const moreBody = z.strictObject({
  runId: z.string().regex(randomIdForm),
  rows: z.int().min(1).max(greatestRowCap),
});

/**
 * Lets one's own result that waits at its limit go on. The rows come by its own stream; the answer says whether it still
 * waited.
 */
export async function POST(request: Request): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, moreBody);
  if (!body.ok) return problemResponse(body.problem);
  const goesOn = moreRows(actor.id, body.value.runId, body.value.rows);
  return Response.json({ goesOn }, { headers: { "Cache-Control": "no-store" } });
}
