import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { noStore } from "#app/_server/read-connection.ts";
import { ownerOf } from "#app/_server/transfer-context.ts";
import { transferAct } from "#lib/transfer/ask.ts";
import { cancelTransfer, transfersOf } from "#lib/transfer/transfers.ts";

interface Context {
  readonly params: Promise<{ readonly id: string }>;
}

/** One's own exports and imports at a connection, of this sign-in: `TransferView[]`, the newest first. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  return Response.json(transfersOf(ownerOf(actor, (await params).id)), { headers: noStore });
}

/** Ends one of them; one that has ended goes from the list. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, transferAct);
  if (!body.ok) return problemResponse(body.problem);
  cancelTransfer(ownerOf(actor, (await params).id), body.value.id);
  return new Response(null, { status: 204, headers: noStore });
}
