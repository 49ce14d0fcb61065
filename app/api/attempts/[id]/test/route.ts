import { handlerActor } from "#app/_server/guard.ts";
import { tryForm } from "./test-door.ts";

/**
 * Tries a form, and streams its steps: one `AttemptMessage` as JSON a line. A form that is not even begun with gets one
 * JSON object, `fields` or `problem` of a `TestAnswer`. A handler and not an action: the browser runs actions one after
 * the other, and would keep a save or the next page waiting behind a server that does not answer.
 */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:test");
  if (actor instanceof Response) return actor;
  return tryForm(actor, request, (await params).id);
}
