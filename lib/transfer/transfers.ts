import "server-only";
import { processWide } from "#lib/process-wide.ts";
import { randomId } from "#lib/random-id.ts";
import type { TransferTrouble, TransferView } from "./shapes.ts";
import { TransferStop } from "./transfer-stop.ts";

/** Whose a transfer is. Nobody else sees it, or ends it. */
export interface TransferOwner {
  readonly userId: string;
  readonly sessionId: string;
  readonly connectionId: string;
}

/** One export or import: what is told of it, and how it is ended. Written by whoever runs it. */
export interface Transfer extends TransferOwner {
  readonly id: string;
  readonly kind: TransferView["kind"];
  readonly table: string | null;
  readonly format: TransferView["format"];
  state: TransferView["state"];
  rows: number;
  bytes: number;
  sha256: string | null;
  trouble: TransferTrouble | null;
  /** On the clock of `performance.now()`; undefined while it waits. */
  startedAt: number | undefined;
  endedAt: number | undefined;
  readonly stop: AbortController;
}

/** So many of a sign-in are kept; the oldest that have ended go. */
const mostKept = 30;
/** Nothing of one is told any longer after so long, ms. */
const keptMs = 60 * 60_000;

/** Notes one that is about to begin. */
export function newTransfer(
  owner: TransferOwner,
  { kind, table, format }: Pick<Transfer, "kind" | "table" | "format">,
): Transfer {
  const transfer: Transfer = {
    ...owner,
    id: randomId(),
    kind,
    table,
    format,
    state: "waiting",
    rows: 0,
    bytes: 0,
    sha256: null,
    trouble: null,
    startedAt: undefined,
    endedAt: undefined,
    stop: new AbortController(),
  };
  const all = register();
  all.set(transfer.id, transfer);
  const own = [...all.values()].filter((one) => one.sessionId === owner.sessionId);
  for (const old of own.slice(0, Math.max(0, own.length - mostKept)))
    if (old.endedAt !== undefined || old.state === "waiting") all.delete(old.id);
  for (const old of all.values())
    if (old.endedAt !== undefined && performance.now() - old.endedAt > keptMs) all.delete(old.id);
  return transfer;
}

/** Ends it in the books. */
export function endTransfer(
  transfer: Transfer,
  state: "done" | "failed" | "cancelled",
  trouble: TransferTrouble | null = null,
): void {
  if (transfer.endedAt !== undefined) return;
  transfer.state = state;
  transfer.trouble = trouble;
  transfer.endedAt = performance.now();
}

/** One's own at a connection, the newest first. */
export function transfersOf(owner: TransferOwner): readonly TransferView[] {
  return [...register().values()]
    .filter((one) => isOf(one, owner))
    .map(viewOf)
    .reverse();
}

export function findTransfer(owner: TransferOwner, id: string): Transfer | undefined {
  const found = register().get(id);
  return found !== undefined && isOf(found, owner) ? found : undefined;
}

/** The person wants it to end. One that has ended, or that no file was fetched of yet, is not told any longer. */
export function cancelTransfer(owner: TransferOwner, id: string): void {
  const found = findTransfer(owner, id);
  if (found === undefined) return;
  const waits = found.kind === "export" && found.state === "waiting";
  if (found.endedAt !== undefined || waits) register().delete(id);
  // One that waits, too: its ticket is worth nothing then, and an import that is being begun ends as soon as it has.
  if (found.endedAt === undefined) found.stop.abort(new TransferStop("cancelled"));
}

/** Nobody has come for it, and nobody can any more. */
export function forgetWaiting(transfer: Transfer): void {
  if (transfer.state === "waiting") register().delete(transfer.id);
}

function isOf(transfer: TransferOwner, owner: TransferOwner): boolean {
  return (
    transfer.userId === owner.userId &&
    transfer.sessionId === owner.sessionId &&
    transfer.connectionId === owner.connectionId
  );
}

function viewOf(transfer: Transfer): TransferView {
  const { id, kind, table, format, state, rows, bytes, sha256, trouble, startedAt, endedAt } = transfer;
  const ms = startedAt === undefined ? 0 : Math.round((endedAt ?? performance.now()) - startedAt);
  return { id, kind, table, format, state, rows, bytes, ms, sha256, trouble };
}

function register(): Map<string, Transfer> {
  return processWide("transfers", () => new Map<string, Transfer>());
}
