import { currentCaller } from "#app/_server/current-user.ts";

/** For whoever watches over the console: whether it can do its work, and nothing else. */
export async function GET(): Promise<Response> {
  const caller = await currentCaller();
  const headers = { "Cache-Control": "no-store" };
  if (caller.ok) return Response.json({ status: "ok" }, { headers });
  return Response.json({ status: "locked", reason: caller.problem.code }, { status: 503, headers });
}
