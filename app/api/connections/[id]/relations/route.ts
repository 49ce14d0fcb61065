import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { catalogueTrouble, noStore, readConnection } from "#app/_server/read-connection.ts";
import { relationsAsk } from "#lib/browse/ask.ts";
import { foundRelations, openedSchema, relationSizes, relationTree } from "#lib/browse/relations.ts";

/** What there is: a `RelationTree`, an `OpenedSchema` where one is named, `FoundRelations` where some are searched, or `RelationSizes` of some. */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, relationsAsk);
  if (!body.ok) return problemResponse(body.problem);
  const ask = body.value;
  return readConnection(actor, (await params).id, request, async (session) => {
    const { connection } = session;
    const answer =
      "schema" in ask
        ? await openedSchema(connection, ask.schema)
        : "search" in ask
          ? await foundRelations(connection, ask.search)
          : "sizes" in ask
            ? await relationSizes(connection, ask.sizes)
            : await relationTree(connection);
    session.release();
    return answer.ok ? Response.json(answer.value, { headers: noStore }) : catalogueTrouble(answer.trouble);
  });
}
