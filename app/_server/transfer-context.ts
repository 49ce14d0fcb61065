import "server-only";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import type { Actor } from "#lib/team/access.ts";
import type { AuditEvent } from "#lib/team/audit.ts";
import type { Transfer, TransferOwner } from "#lib/transfer/transfers.ts";

export function ownerOf({ id, sessionId }: Actor, connectionId: string): TransferOwner {
  return { userId: id, sessionId, connectionId };
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
