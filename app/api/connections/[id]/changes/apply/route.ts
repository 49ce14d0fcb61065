import { changeConnection } from "#app/_server/change-connection.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { changeSet, mostChangeBytes } from "#lib/change/change-set.ts";

/** Applies a set of changes in one transaction, or none of it: a `ChangeAnswer`. The same set with the same id is applied once. */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, changeSet, mostChangeBytes);
  if (!body.ok) return problemResponse(body.problem);
  return changeConnection(actor, (await params).id, request, body.value, "apply");
}
