import "server-only";
import { processWide } from "#lib/process-wide.ts";
import { randomId } from "#lib/random-id.ts";
import type { ExportPlan } from "./export-run.ts";
import { forgetWaiting, type Transfer, type TransferOwner } from "./transfers.ts";

/** What a ticket stands for: the file's address is nothing but this id, so that no value is in an address. */
export interface Ticketed {
  /** As it was looked at when it was asked for; the server parses it once more before it is run. */
  readonly plan: ExportPlan;
  readonly transfer: Transfer;
}

const lifeMs = 60_000;
/** Of one sign-in: more than anybody presses in a minute. */
const mostOpen = 20;

/** Gives a ticket for one export, good once and for a minute, for this sign-in alone. */
export function giveTicket(ticketed: Ticketed): string {
  const all = register();
  const forget = (ticket: string, { transfer }: Ticketed) => {
    if (all.delete(ticket)) forgetWaiting(transfer);
  };
  const own = [...all].filter(([, { transfer }]) => transfer.sessionId === ticketed.transfer.sessionId);
  for (const [old, stood] of own.slice(0, Math.max(0, own.length + 1 - mostOpen))) forget(old, stood);
  const ticket = randomId();
  all.set(ticket, { ...ticketed, until: performance.now() + lifeMs });
  // A statement may be a megabyte, and hold what is nobody's business: it does not wait for somebody to come by.
  setTimeout(() => forget(ticket, ticketed), lifeMs).unref();
  return ticket;
}

/** @returns what it stands for, the first time; undefined where it is not theirs, was used, is too old, or was cancelled */
export function takeTicket(owner: TransferOwner, ticket: string): Ticketed | undefined {
  const all = register();
  const found = all.get(ticket);
  if (found === undefined || found.until < performance.now()) return undefined;
  const { userId, sessionId, connectionId } = found.transfer;
  if (userId !== owner.userId || sessionId !== owner.sessionId || connectionId !== owner.connectionId)
    return undefined;
  all.delete(ticket);
  return found.transfer.stop.signal.aborted ? undefined : found;
}

function register(): Map<string, Ticketed & { readonly until: number }> {
  return processWide("export-tickets", () => new Map<string, Ticketed & { readonly until: number }>());
}
