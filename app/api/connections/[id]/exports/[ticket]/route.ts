import { type AcquiredClient, acquireClient } from "#app/_server/acquire-client.ts";
import { auditSubject } from "#app/_server/audit-subject.ts";
import { canceller } from "#app/_server/canceller.ts";
import { connectionFor } from "#app/_server/connection-for.ts";
import { exportStream, troubleOf } from "#app/_server/export-stream.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { log } from "#app/_server/log.ts";
import { refusal, troubleResponse } from "#app/_server/read-connection.ts";
import { auditedId, ownerOf, transferEvent } from "#app/_server/transfer-context.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import type { AskedExport } from "#lib/transfer/ask.ts";
import { openExport } from "#lib/transfer/export-run.ts";
import { type ExportFormat, fileEndings } from "#lib/transfer/shapes.ts";
import { type Ticketed, takeTicket } from "#lib/transfer/tickets.ts";
import { TransferStop } from "#lib/transfer/transfer-stop.ts";
import { endTransfer } from "#lib/transfer/transfers.ts";

/**
 * The file that a ticket stands for, as a download, as the server writes it. Where it breaks off, the connection to the
 * browser is cut: a file that came to its end is whole.
 */
export async function GET(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string; readonly ticket: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  // HEAD comes here as well, and changes nothing: whoever looks first would leave the ticket used up.
  if (request.method !== "GET") return refusal(problem("not-found"));
  const { id, ticket } = await params;
  const taken = takeTicket(ownerOf(actor, id), ticket);
  if (taken === undefined) return refusal(problem("not-found"));
  const { transfer } = taken;
  const { ask } = taken.plan;
  const { what } = ask;
  transfer.state = "running";
  transfer.startedAt = performance.now();
  // What was allowed a minute ago may not be any longer.
  const found = await connectionFor(actor, id, "data:export");
  if (!found.ok) {
    endTransfer(transfer, "failed", troubleOf(undefined));
    return refusal(found.problem);
  }
  const inTab = what.kind === "statement" && (what.tab?.session !== undefined || what.inTransaction);
  const acquired = await acquireClient(actor, {
    profileId: id,
    ...(ask.rev === undefined ? {} : { rev: ask.rev }),
    signal: AbortSignal.any([request.signal, transfer.stop.signal]),
    ...(what.kind === "statement" && inTab && what.tab !== undefined
      ? { tab: what.tab, mode: what.inTransaction ? "read-write" : "read-only" }
      : { kind: "task", mode: "read-only" }),
  });
  if (!acquired.ok) {
    endTransfer(transfer, "failed", { ...troubleOf(undefined), why: "changed" });
    return refusal(acquired.problem.problem);
  }
  const opened = await workspace();
  const subject = await auditSubject(actor);
  const object = auditedId(found.value);
  // Noted before anything leaves; what cannot be noted is not done.
  const noted = opened.ok ? await opened.value.audit.note(subject, transferEvent(transfer, object)) : opened;
  if (!noted.ok || !opened.ok) {
    acquired.value.session.discard();
    endTransfer(transfer, "failed", troubleOf(undefined));
    return refusal(noted.ok ? problem("unexpected") : noted.problem);
  }
  const { audit } = opened.value;
  return answer(taken, acquired.value, request.signal, async () => {
    const told = await audit.note(subject, transferEvent(transfer, object), transfer.state);
    if (!told.ok) log().error({ problem: told.problem.code }, "the end of an export was not noted");
  });
}

async function answer(
  { plan, transfer }: Ticketed,
  acquired: AcquiredClient,
  gone: AbortSignal,
  onEnd: () => Promise<void>,
): Promise<Response> {
  const { session } = acquired;
  const signal = AbortSignal.any([gone, transfer.stop.signal, session.signal]);
  try {
    const file = await openExport(session, plan, { signal, cancel: canceller(acquired) });
    if (!file.ok) {
      const { sqlstate, message, isOfWhere } = file.problem;
      const trouble = { filter: isOfWhere ? "where" : null, sqlstate, message } as const;
      endTransfer(transfer, "failed", { why: "server", sqlstate, message });
      await onEnd();
      return troubleResponse(trouble);
    }
    return new Response(exportStream(transfer, file.value, signal, onEnd), {
      headers: {
        "Content-Type": contentTypes[plan.ask.format],
        "Content-Disposition": disposition(fileName(plan.ask)),
        // Nobody keeps it, and nobody on the way packs it: the file is what the server wrote, at once.
        "Cache-Control": "no-store, no-transform",
        "X-Content-Type-Options": "nosniff",
        "X-Accel-Buffering": "no",
      },
    });
  } catch (error) {
    session.discard();
    const trouble = troubleOf(error);
    const isCancelled = error instanceof TransferStop && error.why === "cancelled";
    endTransfer(transfer, isCancelled ? "cancelled" : "failed", isCancelled ? null : trouble);
    await onEnd();
    if (isCancelled) return refusal(problem("cancelled"));
    if (trouble.why !== "server") return refusal(problem("net-closed"));
    return troubleResponse({ filter: null, sqlstate: trouble.sqlstate, message: trouble.message });
  }
}

const contentTypes: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  tsv: "text/tab-separated-values; charset=utf-8",
  "json-lines": "application/x-ndjson; charset=utf-8",
  insert: "application/sql; charset=utf-8",
  copy: "application/sql; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

function fileName({ what, format }: AskedExport): string {
  return `${what.kind === "table" ? what.table : "result"}.${fileEndings[format]}`;
}

/** RFC 6266: the name for everybody, and the whole one for who reads it. What a path is made of is in neither. */
function disposition(name: string): string {
  const safe = name.replace(/[\p{Cc}\p{Cf}\p{Cs}/\\:*?"<>|]/gu, "_");
  const plain = safe.replace(/[^\x20-\x7e]/g, "_").replace(/%/g, "_");
  const whole = encodeURIComponent(safe).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}
