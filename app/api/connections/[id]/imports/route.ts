import { acquireClient } from "#app/_server/acquire-client.ts";
import { auditSubject } from "#app/_server/audit-subject.ts";
import { canceller } from "#app/_server/canceller.ts";
import { connectionFor } from "#app/_server/connection-for.ts";
import { troubleOf } from "#app/_server/export-stream.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { log } from "#app/_server/log.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { askBytes, noStore, refusal, troubleResponse } from "#app/_server/read-connection.ts";
import { reopener } from "#app/_server/reopener.ts";
import { auditedId, ownerOf, transferEvent } from "#app/_server/transfer-context.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import { type AskedImport, importAsk } from "#lib/transfer/ask.ts";
import { beginImport } from "#lib/transfer/import-run.ts";
import { type ImportBegun, isUnknown } from "#lib/transfer/shapes.ts";
import { endTransfer, newTransfer } from "#lib/transfer/transfers.ts";

/**
 * Begins an import: a transaction is opened and waits for the file, which comes in pieces to `imports/ID`. The answer is an
 * `ImportBegun`; 422 with a `PageTrouble` for what the server refuses.
 */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, importAsk, askBytes);
  if (!body.ok) return problemResponse(body.problem);
  const ask: AskedImport = body.value;
  const { id } = await params;
  const found = await connectionFor(actor, id, "data:import");
  if (!found.ok) return refusal(found.problem);
  const acquired = await acquireClient(actor, {
    profileId: id,
    kind: "task",
    mode: "read-write",
    signal: request.signal,
    ...(ask.rev === undefined ? {} : { rev: ask.rev }),
  });
  if (!acquired.ok) return refusal(acquired.problem.problem);
  const opened = await workspace();
  const subject = await auditSubject(actor);
  const object = auditedId(found.value);
  const table = `${ask.schema}.${ask.table}`;
  const kind = ask.trial ? "trial" : "import";
  const transfer = newTransfer(ownerOf(actor, id), { kind, table, format: "csv" });
  const noted = opened.ok ? await opened.value.audit.note(subject, transferEvent(transfer, object)) : opened;
  if (!noted.ok || !opened.ok) {
    acquired.value.session.discard();
    return refusal(noted.ok ? problem("unexpected") : noted.problem);
  }
  const { audit } = opened.value;
  const onEnd = async () => {
    const became = isUnknown(transfer.trouble) ? "unknown" : transfer.state;
    const told = await audit.note(subject, transferEvent(transfer, object), became);
    if (!told.ok) log().error({ problem: told.problem.code }, "the end of an import was not noted");
  };
  try {
    const { session } = acquired.value;
    await beginImport(session, ask, transfer, {
      cancel: canceller(acquired.value),
      reopen: reopener(actor, id, subject),
      onEnd,
    });
  } catch (error) {
    const trouble = troubleOf(error);
    endTransfer(transfer, "failed", trouble);
    await onEnd();
    if (trouble.why !== "server") return refusal(problem("net-closed"));
    return troubleResponse({ filter: null, sqlstate: trouble.sqlstate, message: trouble.message });
  }
  const answer: ImportBegun = { id: transfer.id };
  return Response.json(answer, { headers: noStore });
}
