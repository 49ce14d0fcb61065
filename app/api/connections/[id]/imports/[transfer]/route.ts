import { z } from "zod";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { noStore, refusal } from "#app/_server/read-connection.ts";
import { ownerOf } from "#app/_server/transfer-context.ts";
import { problem } from "#lib/problems/problem.ts";
import type { Actor } from "#lib/team/access.ts";
import { type ImportRun, importOf } from "#lib/transfer/import-run.ts";
import { cancelTransfer, findTransfer } from "#lib/transfer/transfers.ts";

interface Context {
  readonly params: Promise<{ readonly id: string; readonly transfer: string }>;
}

/** The framework keeps at most 2 MB of a body in front of any handler, and cuts what is longer without a word. */
const mostPiece = 1_500_000;

/** The next piece of the file, as bytes; `?piece` counts them from 0. The answer is an `ImportStand`. */
export async function PUT(request: Request, { params }: Context): Promise<Response> {
  const actor = await handlerActor(request, "connections:use", "application/octet-stream");
  if (actor instanceof Response) return actor;
  const run = runOf(actor, await params);
  if (run === undefined) return refusal(problem("not-found"));
  const number = z.coerce.number().int().min(0).safeParse(new URL(request.url).searchParams.get("piece"));
  const isSmall = Number(request.headers.get("content-length") ?? 0) <= mostPiece;
  const isTaken = number.success && isSmall && (await run.piece(number.data, partsOf(request)));
  if (!isTaken) return problemResponse(problem("setting-invalid", { field: "piece" }));
  return Response.json(run.stand(), { headers: noStore });
}

const importAct = z.strictObject({ act: z.enum(["look", "finish", "cancel"]) });

/** Says how it stands, after it was told that all was sent, or that it is not wanted. The answer is an `ImportStand`. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, importAct);
  if (!body.ok) return problemResponse(body.problem);
  const place = await params;
  const run = runOf(actor, place);
  if (run === undefined) return refusal(problem("not-found"));
  if (body.value.act === "finish") await run.finish();
  if (body.value.act === "cancel" && run.transfer.endedAt === undefined)
    cancelTransfer(ownerOf(actor, place.id), run.transfer.id);
  return Response.json(run.stand(), { headers: noStore });
}

function runOf(actor: Actor, { id, transfer }: Awaited<Context["params"]>): ImportRun | undefined {
  const found = findTransfer(ownerOf(actor, id), transfer);
  return found === undefined ? undefined : importOf(found);
}

/** As they come. Throws where the browser breaks off, or sends more than it may. */
async function* partsOf(request: Request): AsyncGenerator<Uint8Array, void, void> {
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.length;
    if (size > mostPiece) throw new Error("a piece is too long");
    yield part;
  }
}
