import { z } from "zod";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { catalogueTrouble, noStore, readTable } from "#app/_server/read-connection.ts";
import { neighbourhood } from "#lib/browse/neighbourhood.ts";

const pictureAsk = z.strictObject({
  schema: z.string().min(1).max(256),
  table: z.string().min(1).max(256),
  steps: z.union([z.literal(1), z.literal(2)]).default(1),
});

/** The tables around a table, and the foreign keys between them: a `Neighbourhood`. */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, pictureAsk);
  if (!body.ok) return problemResponse(body.problem);
  const ask = body.value;
  return readTable(actor, (await params).id, request, ask, async (session, table) => {
    const near = await neighbourhood(session.connection, table, ask.steps);
    session.release();
    return near.ok ? Response.json(near.value, { headers: noStore }) : catalogueTrouble(near.trouble);
  });
}
