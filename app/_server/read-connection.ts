import "server-only";
import type { BrowsedTable } from "#lib/browse/browsed-table.ts";
import type { PageControl, PageFailure } from "#lib/browse/page-failure.ts";
import type { PageTrouble } from "#lib/browse/shapes.ts";
import { tableFacts } from "#lib/browse/table-facts.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import type { Result } from "#lib/problems/result.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import type { QueryTrouble } from "#lib/session/query-answer.ts";
import type { Actor } from "#lib/team/access.ts";
import { acquireClient } from "./acquire-client.ts";
import { explain } from "./answer.ts";
import { canceller } from "./canceller.ts";
import { problemResponse } from "./problem-response.ts";

/** How much a body of the data's routes may weigh: a filter may be a long list. */
export const askBytes = 4 * 1024 * 1024;

/**
 * Answers from a read-only session of a connection. The work gives the session back; where it throws, the session is
 * closed: a live client may have died unnoticed. What the request is about stands in no log and no error.
 */
export async function readConnection(
  actor: Actor,
  profileId: string,
  request: Request,
  work: (session: PooledSession, control: PageControl) => Promise<Response>,
): Promise<Response> {
  const { signal } = request;
  const acquired = await acquireClient(actor, { profileId, mode: "read-only", signal });
  if (!acquired.ok) return refusal(acquired.problem.problem);
  const { session } = acquired.value;
  try {
    return await work(session, { signal, cancel: canceller(acquired.value) });
  } catch {
    session.discard();
    return refusal(problem("net-closed"));
  }
}

/** The same, of one relation: 404 where there is none of the name. */
export async function readTable(
  actor: Actor,
  profileId: string,
  request: Request,
  { schema, table }: { readonly schema: string; readonly table: string },
  work: (session: PooledSession, table: BrowsedTable, control: PageControl) => Promise<Response>,
): Promise<Response> {
  return readConnection(actor, profileId, request, async (session, control) => {
    const facts = await tableFacts(session.connection, schema, table);
    if (facts.ok && facts.value !== null) return work(session, facts.value, control);
    session.release();
    return facts.ok ? refusal(problem("not-found")) : catalogueTrouble(facts.trouble);
  });
}

/** What a reading has come to, as JSON that nobody keeps. */
export async function readAnswer<T>(result: Result<T, PageFailure>): Promise<Response> {
  if (result.ok) return Response.json(result.value, { headers: noStore });
  const { problem: failure } = result;
  switch (failure.why) {
    case "trouble":
      return troubleResponse(failure.trouble);
    case "too-long":
      return troubleResponse({ filter: null, sqlstate: "57014", message: "" });
    case "cancelled":
      return refusal(problem("cancelled"));
    case "lost":
      return refusal(problem("net-closed"));
  }
}

/** Why a catalogue was not read: the server's own words. */
export function catalogueTrouble({ why, message }: QueryTrouble): Response {
  return troubleResponse({ filter: null, sqlstate: why === "denied" ? "42501" : "", message });
}

export function troubleResponse(trouble: PageTrouble): Response {
  return Response.json(trouble, { status: 422, headers: noStore });
}

export const noStore = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };

export async function refusal(found: Problem): Promise<Response> {
  const { status, headers } = problemResponse(found);
  const explained = await explain(found);
  return Response.json({ problem: explained.problem, explained }, { status, headers });
}
