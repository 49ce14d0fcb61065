import { whyNotWrite } from "#app/_server/change-connection.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { catalogueTrouble, noStore, readTable } from "#app/_server/read-connection.ts";
import { capabilities } from "#lib/browse/capabilities.ts";
import { pagedTable } from "#lib/browse/paged-table.ts";
import { editableAsk } from "#lib/change/change-set.ts";
import { changeFacts, editableOf, unlessAllowed } from "#lib/change/editable.ts";

/** What can be changed in a relation, and what not: why. An `Editable`. */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, editableAsk);
  if (!body.ok) return problemResponse(body.problem);
  const { id } = await params;
  return readTable(actor, id, request, body.value, async (session, table) => {
    const facts = await changeFacts(session.connection, table);
    const paged = pagedTable(table, await capabilities(session.connection, table));
    session.release();
    if (!facts.ok) return catalogueTrouble(facts.trouble);
    const editable = editableOf(table, paged, facts.value);
    return Response.json(unlessAllowed(editable, await whyNotWrite(actor, id)), { headers: noStore });
  });
}
