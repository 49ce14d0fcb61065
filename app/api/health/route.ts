import { currentCaller } from "#app/_server/current-user.ts";
import { noteStoreTrouble } from "#app/_server/store-trouble.ts";
import { workspace } from "#app/_server/workspace.ts";

/**
 * For whoever watches over the console: whether it can do its work, and nothing else. `degraded` is a console that reads
 * and cannot write: nobody can sign in. Strangers read this, so it is a code and no more.
 */
export async function GET(): Promise<Response> {
  const caller = await currentCaller();
  if (!caller.ok) return say({ status: "locked", reason: caller.problem.code }, 503);
  const opened = await workspace();
  if (!opened.ok) return say({ status: "locked", reason: opened.problem.code }, 503);
  const tried = await opened.value.store.tryOut();
  if (tried.ok) return say({ status: "ok" }, 200);
  noteStoreTrouble(tried.problem);
  return say({ status: "degraded", reason: tried.problem.code }, 503);
}

function say(body: { readonly status: string; readonly reason?: string }, status: number): Response {
  return Response.json(body, { status, headers: { "Cache-Control": "no-store" } });
}
