import "server-only";
import { setTimeout as rest } from "node:timers/promises";
import type pg from "pg";
import type { PooledSession } from "./pooled-session.ts";
import { type CatalogueConnection, factLimits, query } from "./query.ts";
import { statement } from "./statement.ts";

/**
 * Asked inside a transaction, before its COMMIT: its id, by which `commitOutcome` asks for it. By the names that servers
 * have from 10 on; newer ones have them beside `pg_current_xact_id` and `pg_xact_status`.
 */
export const transactionId = "select pg_catalog.txid_current()";

/**
 * Whether a server has those functions, which its relatives may lack. A refusal inside a transaction would end it, so it is
 * asked before. Throws when the connection is gone.
 */
export async function tellsOutcome(connection: CatalogueConnection): Promise<boolean> {
  const known = tried.get(connection.client);
  if (known !== undefined) return known;
  const text = "select txid_current_if_assigned(), txid_status(3) is null";
  const asked = await query(connection, statement(text), factLimits);
  tried.set(connection.client, asked.ok);
  return asked.ok;
}

/** As long as the client lives. */
const tried = new WeakMap<pg.Client, boolean>();

/** What became of a transaction whose COMMIT was cut off. */
export type CommitOutcome = "committed" | "aborted" | "no-function" | "unreachable";

/** For how long it is asked, ms: longer than the server lets the transaction rest. */
const patienceMs = 30_000;
const pauseMs = 100;

/**
 * Asks the server, over another connection, what became of a transaction (`txid_status`). One that waits for a COMMIT
 * which never arrived is ended: the server may not have noticed yet that nobody is there.
 * @param xid    as `transactionId` told it before COMMIT; null where the server has no such function
 * @param reopen opens a session anew; undefined where it cannot be opened (yet)
 */
export async function commitOutcome(
  xid: string | null,
  reopen: () => Promise<PooledSession | undefined>,
): Promise<CommitOutcome> {
  if (xid === null) return "no-function";
  const until = performance.now() + patienceMs;
  do {
    const session = await reopen();
    const told = session === undefined ? undefined : await statusOf(session, xid);
    if (told !== undefined) return told;
    await rest(pauseMs);
  } while (performance.now() < until);
  return "unreachable";
}

/** @returns undefined while it is in progress, or the connection was lost again */
async function statusOf(session: PooledSession, xid: string): Promise<CommitOutcome | undefined> {
  try {
    const asked = await query(session.connection, statement(statusQuery, xid), factLimits);
    const status = asked.ok ? asked.value[0]?.[0] : null;
    session.release();
    if (status === "in progress") return undefined;
    return status === "committed" || status === "aborted" ? status : "no-function";
  } catch {
    session.discard();
    return undefined;
  }
}

/** Where half of a packet arrived it is not idle, and no limit of the server's would end it soon: it waits for the rest. */
const statusQuery = `
select told.status, (
    select count(pg_terminate_backend(a.pid)) from pg_stat_activity a
     where told.status = 'in progress' and a.backend_xid = ($1::bigint & 4294967295)::text::xid
       and (a.state like 'idle in transaction%' or a.wait_event = 'ClientRead'))
  from (select txid_status($1::bigint) as status) told`;
