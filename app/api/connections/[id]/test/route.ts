import { z } from "zod";
import { explain } from "#app/_server/answer.ts";
import { attempts } from "#app/_server/attempts.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { noStore, refusal } from "#app/_server/read-connection.ts";
import { testSaved } from "#app/_server/test-saved.ts";
import { randomIdForm } from "#lib/random-id.ts";

const testBody = z.strictObject({ attempt: z.string().regex(randomIdForm) });
export type TestBody = z.infer<typeof testBody>;

/** How a test of a saved connection went. */
export type SavedTestAnswer =
  | { readonly came: "passed"; readonly ms: number }
  | { readonly came: "failed"; readonly code: string; readonly title: string }
  | { readonly came: "cancelled" };

/**
 * Tests a saved connection for the list. A handler and not an action: the browser runs actions one after the other, and
 * several are tested at once. `POST /api/attempts/[id]/cancel` ends it, and so does going away.
 */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:test");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, testBody);
  if (!body.ok) return refusal(body.problem);
  const { attempt } = body.value;
  const cancel = () => attempts().cancel(actor.id, attempt);
  request.signal.addEventListener("abort", cancel);
  // Who has gone meanwhile tells no one any more; a cancel that overtakes its test is remembered.
  if (request.signal.aborted) cancel();
  const tested = await testSaved(actor, (await params).id.slice(0, longestId), attempt);
  request.signal.removeEventListener("abort", cancel);
  if (!tested.ok) return refusal(tested.problem);
  const { problem, steps } = tested.value;
  if (problem === null) {
    return answer({ came: "passed", ms: steps.reduce((sum, step) => sum + (step.ms ?? 0), 0) });
  }
  if (problem.code === "cancelled") return answer({ came: "cancelled" });
  return answer({ came: "failed", code: problem.code, title: (await explain(problem)).title });
}

const longestId = 100;

function answer(found: SavedTestAnswer): Response {
  return Response.json(found, { headers: noStore });
}
