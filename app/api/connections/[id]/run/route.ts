import { handlerActor } from "#app/_server/guard.ts";
import { runFor } from "./run-door.ts";

/**
 * Runs one statement and streams what happens, one JSON object a line: a `RunMessage` each. What keeps it from
 * beginning is an answer with a status of its own: `{ problem, explained, report }`.
 */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  return runFor(actor, request, (await params).id);
}
