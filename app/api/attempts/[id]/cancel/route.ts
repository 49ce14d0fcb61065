import { attempts, isAttemptId } from "#app/_server/attempts.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { problem } from "#lib/problems/problem.ts";

/**
 * Ends one's own running test at once. A handler and not an action: the browser runs actions one after the other, so
 * a cancel by action would wait for the very test it should end.
 */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:test");
  if (actor instanceof Response) return actor;
  const { id } = await params;
  if (!isAttemptId(id)) return problemResponse(problem("not-found"));
  attempts().cancel(actor.id, id);
  return new Response(null, { status: 204 });
}
