import { type AcquiredClient, acquireClient } from "#app/_server/acquire-client.ts";
import { canceller } from "#app/_server/canceller.ts";
import { connectionFor } from "#app/_server/connection-for.ts";
import { planOf } from "#app/_server/export-plan.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { askBytes, noStore, refusal, troubleResponse } from "#app/_server/read-connection.ts";
import { ownerOf } from "#app/_server/transfer-context.ts";
import { problem } from "#lib/problems/problem.ts";
import type { Actor } from "#lib/team/access.ts";
import { type AskedExport, exportAsk } from "#lib/transfer/ask.ts";
import { checkPlan, type ExportPlan } from "#lib/transfer/export-run.ts";
import type { ExportTicket } from "#lib/transfer/shapes.ts";
import { giveTicket } from "#lib/transfer/tickets.ts";
import { newTransfer } from "#lib/transfer/transfers.ts";

/**
 * Asks for a file: rights, and whether the server takes what is to be in it, are looked at here; nothing is run. The answer
 * is an `ExportTicket`, good once and for a minute: 422 with a `PageTrouble` for what the server refuses.
 */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, exportAsk, askBytes);
  if (!body.ok) return problemResponse(body.problem);
  const { id } = await params;
  const found = await connectionFor(actor, id, "data:export");
  if (!found.ok) return refusal(found.problem);
  const plan = await check(actor, id, body.value, request.signal);
  if (plan instanceof Response) return plan;
  const { what, format } = body.value;
  const table = what.kind === "table" ? `${what.schema}.${what.table}` : null;
  const transfer = newTransfer(ownerOf(actor, id), { kind: "export", table, format });
  const ticket = giveTicket({ plan, transfer });
  const answer: ExportTicket = { ticket, transfer: transfer.id };
  return Response.json(answer, { headers: noStore });
}

async function check(
  actor: Actor,
  profileId: string,
  ask: AskedExport,
  signal: AbortSignal,
): Promise<ExportPlan | Response> {
  const { what } = ask;
  const acquired = await acquireClient(actor, {
    profileId,
    ...(ask.rev === undefined ? {} : { rev: ask.rev }),
    signal,
    ...(what.kind === "statement" && what.tab !== undefined
      ? { tab: what.tab, mode: what.inTransaction ? "read-write" : "read-only" }
      : { mode: "read-only" }),
  });
  if (!acquired.ok) return refusal(acquired.problem.problem);
  const { session } = acquired.value;
  try {
    return await checkWith(acquired.value, ask, signal);
  } catch {
    session.discard();
    return refusal(problem("net-closed"));
  }
}

/** Gives the session back; throws when the connection is gone. */
async function checkWith(
  acquired: AcquiredClient,
  ask: AskedExport,
  signal: AbortSignal,
): Promise<ExportPlan | Response> {
  const { session } = acquired;
  const plan = await planOf(session, ask);
  if (plan instanceof Response) {
    session.release();
    return plan;
  }
  const checked = await checkPlan(session, plan, { signal, cancel: canceller(acquired) });
  if (checked.ok) return plan;
  const { sqlstate, message, isOfWhere } = checked.problem;
  return troubleResponse({ filter: isOfWhere ? "where" : null, sqlstate, message });
}
