import { z } from "zod";
import { acquireClient } from "#app/_server/acquire-client.ts";
import { explainer } from "#app/_server/answer.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { citusCluster } from "#lib/citus/citus-cluster.ts";
import { citusKinds, citusSorts } from "#lib/citus/citus-report.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";

const citusQuery = z.strictObject({
  search: z
    .string()
    .max(200)
    .refine((text) => !text.includes("\0"))
    .default(""),
  kind: z.enum(["all", ...citusKinds]).default("all"),
  sort: z.enum(citusSorts).default("name"),
  page: z.coerce.number().int().min(0).max(100_000).default(0),
  /** Sizes are asked of the nodes anew. */
  fresh: z.literal("1").optional(),
});

/**
 * What Citus's catalogues say of the cluster behind a connection: a `CitusReport` as JSON. What keeps the connection
 * from being opened is an answer with a status of its own: `{ problem, explained }`.
 */
export async function GET(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const asked = citusQuery.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!asked.success) {
    const field = String(asked.error.issues[0]?.path[0] ?? "query");
    return refusal(problem("setting-invalid", { field, reason: "wrong-shape" }));
  }
  const { fresh, ...ask } = asked.data;
  const { id } = await params;
  const acquired = await acquireClient(actor, { profileId: id, mode: "read-only", signal: request.signal });
  if (!acquired.ok) return refusal(acquired.problem.problem);
  const { session } = acquired.value;
  try {
    const report = await citusCluster(session, ask, fresh === "1");
    session.release();
    return Response.json(report, { headers: { "Cache-Control": "no-store" } });
  } catch {
    // A live client may have died unnoticed; the next one is asked for by the person.
    session.discard();
    return refusal(problem("net-closed"));
  }
}

async function refusal(found: Problem): Promise<Response> {
  const explain = await explainer();
  const { status, headers } = problemResponse(found);
  const explained = explain(found);
  return Response.json({ problem: explained.problem, explained }, { status, headers });
}
