import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { askBytes, readAnswer, readTable } from "#app/_server/read-connection.ts";
import { rowsAsk } from "#lib/browse/ask.ts";
import { tablePage } from "#lib/browse/table-page.ts";

/** One page of a relation: a `TablePage`. 422 with a `PageTrouble` for what the server refuses, or what may take long. */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, rowsAsk, askBytes);
  if (!body.ok) return problemResponse(body.problem);
  const ask = body.value;
  return readTable(actor, (await params).id, request, ask, async (session, table, control) =>
    readAnswer(await tablePage(session, table, ask, control)),
  );
}
