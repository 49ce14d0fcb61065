import "server-only";
import type { Problem } from "#lib/problems/problem.ts";
import { explain } from "./answer.ts";
import { problemResponse } from "./problem-response.ts";

/** As `problemResponse`, with its words beside it, for a page that does not hold all of them. */
export async function explainedResponse(problem: Problem): Promise<Response> {
  const { status, headers } = problemResponse(problem);
  const explained = await explain(problem);
  return Response.json({ problem: explained.problem, explained }, { status, headers });
}
