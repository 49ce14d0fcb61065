import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { catalogueTrouble, noStore, readTable } from "#app/_server/read-connection.ts";
import { tableAsk } from "#lib/browse/ask.ts";
import { shownFacts } from "#lib/browse/page-cells.ts";
import { tableDetail } from "#lib/browse/table-detail.ts";

/** What a relation is: its `TableFacts`, or with `detail` its `TableDetail`. */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, tableAsk);
  if (!body.ok) return problemResponse(body.problem);
  const ask = body.value;
  return readTable(actor, (await params).id, request, ask, async (session, table) => {
    const facts = shownFacts(table);
    if (!ask.detail) {
      session.release();
      return Response.json(facts, { headers: noStore });
    }
    const detail = await tableDetail(session.connection, table);
    session.release();
    return detail.ok
      ? Response.json({ ...facts, ...detail.value }, { headers: noStore })
      : catalogueTrouble(detail.trouble);
  });
}
