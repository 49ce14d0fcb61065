import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { catalogueTrouble, noStore, readConnection } from "#app/_server/read-connection.ts";
import { resultTablesAsk } from "#lib/browse/ask.ts";
import { resultTables } from "#lib/browse/result-tables.ts";

/** Which tables the columns of a result come from: a list of `ResultTable`. */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, resultTablesAsk);
  if (!body.ok) return problemResponse(body.problem);
  return readConnection(actor, (await params).id, request, async (session) => {
    const found = await resultTables(session.connection, body.value.oids);
    session.release();
    return found.ok ? Response.json(found.value, { headers: noStore }) : catalogueTrouble(found.trouble);
  });
}
