import { z } from "zod";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { noStore, refusal } from "#app/_server/read-connection.ts";
import { type ImportPlace, importFor, takePiece } from "#app/_server/take-piece.ts";
import { ownerOf } from "#app/_server/transfer-context.ts";
import { problem } from "#lib/problems/problem.ts";
import { cancelTransfer } from "#lib/transfer/transfers.ts";

interface Context {
  readonly params: Promise<ImportPlace>;
}

/**
 * The next piece of the file, as bytes; `?piece` counts them from 0. The answer is an `ImportStand`. Answered in front of the
 * framework where `bin/start.js` started the console.
 */
export async function PUT(request: Request, { params }: Context): Promise<Response> {
  const actor = await handlerActor(request, "connections:use", "application/octet-stream");
  if (actor instanceof Response) return actor;
  return takePiece(actor, request, await params);
}

const importAct = z.strictObject({ act: z.enum(["look", "finish", "cancel"]) });

/** Says how it stands, after it was told that all was sent, or that it is not wanted. The answer is an `ImportStand`. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, importAct);
  if (!body.ok) return problemResponse(body.problem);
  const place = await params;
  const run = importFor(actor, place);
  if (run === undefined) return refusal(problem("not-found"));
  if (body.value.act === "finish") await run.finish();
  if (body.value.act === "cancel" && run.transfer.endedAt === undefined)
    cancelTransfer(ownerOf(actor, place.id), run.transfer.id);
  return Response.json(run.stand(), { headers: noStore });
}
