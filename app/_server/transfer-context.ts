import "server-only";
import { cancelBackend } from "#lib/connect/cancel-backend.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, type Result } from "#lib/problems/result.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import type { Actor, ConnectionAct } from "#lib/team/access.ts";
import type { AuditEvent } from "#lib/team/audit.ts";
import type { Transfer, TransferOwner } from "#lib/transfer/transfers.ts";
import type { AcquiredClient } from "./acquire-client.ts";
import { findConnection } from "./find-connection.ts";
import { mayWith } from "./guard.ts";
import { workspace } from "./workspace.ts";

export function ownerOf({ id, sessionId }: Actor, connectionId: string): TransferOwner {
  return { userId: id, sessionId, connectionId };
}

/** The connection, for whoever may take rows from it or bring some. @returns `not-found`, `not-allowed`, or the vault's problem */
export async function connectionFor(
  actor: Actor,
  id: string,
  act: ConnectionAct,
): Promise<Result<FoundConnection>> {
  const opened = await workspace();
  if (!opened.ok) return opened;
  const found = await findConnection(opened.value, actor, id);
  if (!found.ok) return found;
  if (found.value === undefined) return failed(problem("not-found"));
  const allowed = mayWith(actor, act, found.value);
  return allowed.ok ? { ok: true, value: found.value } : allowed;
}

/** Sends a CancelRequest for an acquired client, the way it was dialled. */
export function canceller({ profile, session, dial }: AcquiredClient): () => Promise<void> {
  return async () => {
    const sent = await cancelBackend(profile, session.connection, dial);
    if (!sent.ok) throw new Error(`the cancellation was not sent: ${sent.problem.code}`);
  };
}

/** A transfer, as the audit log tells of it: which table, as what, and at its end how much. Never a value, never SQL. */
export function transferEvent(transfer: Transfer, object: string | undefined): AuditEvent {
  const { kind, table, format, rows, bytes, sha256, endedAt } = transfer;
  const facts: Readonly<Record<string, string>> = {
    table: table ?? "",
    format,
    ...(kind === "trial" ? { trial: "rolled back" } : {}),
    ...(endedAt === undefined ? {} : { rows: String(rows), bytes: String(bytes), sha256: sha256 ?? "" }),
  };
  return {
    action: kind === "export" ? "data-export" : "data-import",
    object,
    changes: Object.entries(facts).map(([field, to]) => ({ field, from: "", to })),
  };
}

/** The saved connection that a line is about; of what was made of one, that one. */
export function auditedId({ profile, unsaved }: FoundConnection): string | undefined {
  return unsaved === undefined ? profile.id : unsaved.of?.id;
}
