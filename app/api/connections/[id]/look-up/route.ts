import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { readAnswer, readTable, refusal } from "#app/_server/read-connection.ts";
import { lookUpAsk } from "#lib/change/change-set.ts";
import { lookUp } from "#lib/change/look-up.ts";
import { problem } from "#lib/problems/problem.ts";

/** Rows of the table that a foreign key refers to: a `LookUp`. 422 with a `PageTrouble` for what the server refuses. */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, lookUpAsk);
  if (!body.ok) return problemResponse(body.problem);
  const ask = body.value;
  return readTable(actor, (await params).id, request, ask, async (session, table, control) => {
    const found = await lookUp(session, table, ask, control);
    if (found.ok && found.value === null) return refusal(problem("not-found"));
    return readAnswer(found);
  });
}
