import "server-only";
import { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import type { Actor } from "#lib/team/access.ts";
import { type ImportRun, importOf } from "#lib/transfer/import-run.ts";
import { findTransfer } from "#lib/transfer/transfers.ts";
import type { Asked, FrontDoor } from "./front-door.ts";
import { problemResponse } from "./problem-response.ts";
import { noStore } from "./read-connection.ts";
import { ownerOf } from "./transfer-context.ts";

/** Which import, of which connection. */
export interface ImportPlace {
  readonly id: string;
  readonly transfer: string;
}

/** The framework keeps at most 2 MB of a body in front of any handler, and cuts what is longer without a word. */
const mostPiece = 1_500_000;

/** Takes one piece of an import of the caller's: the answer is an `ImportStand`. */
export async function takePiece(actor: Actor, asked: Asked, place: ImportPlace): Promise<Response> {
  const run = importFor(actor, place);
  if (run === undefined) return problemResponse(problem("not-found"));
  const number = z.coerce.number().int().min(0).safeParse(new URL(asked.url).searchParams.get("piece"));
  const isSmall = Number(asked.headers.get("content-length") ?? 0) <= mostPiece;
  const isTaken = number.success && isSmall && (await run.piece(number.data, partsOf(asked.body)));
  if (!isTaken) return problemResponse(problem("setting-invalid", { field: "piece" }));
  return Response.json(run.stand(), { headers: noStore });
}

/** The same in front of the framework. */
export const pieceDoor: FrontDoor = {
  method: "PUT",
  target: /^\/api\/connections\/([\w-]+)\/imports\/([\w-]+)\?piece=\d+$/,
  guard: ["connections:use", "application/octet-stream"],
  answer: (actor, asked, [id = "", transfer = ""]) => takePiece(actor, asked, { id, transfer }),
};

/** An import that the caller has begun. */
export function importFor(actor: Actor, { id, transfer }: ImportPlace): ImportRun | undefined {
  const found = findTransfer(ownerOf(actor, id), transfer);
  return found === undefined ? undefined : importOf(found);
}

/** As they come. Throws where the browser breaks off, or sends more than it may. */
async function* partsOf(body: Asked["body"]): AsyncGenerator<Uint8Array, void, void> {
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > mostPiece) throw new Error("a piece is too long");
    yield part;
  }
}
