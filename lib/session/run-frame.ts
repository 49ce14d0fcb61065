import "server-only";
import { type Client, escapeIdentifier } from "pg";
import { z } from "zod";
import { isServerError } from "#lib/wire/server-error.ts";
import { rollBackOpen } from "#lib/wire/settled-status.ts";
import type { Learned, PrepareBlock, SessionLimits } from "./learned.ts";
import type { PooledSession } from "./pooled-session.ts";
import { runLimits, type Setting } from "./run-limits.ts";

/** What a run asks of the session that it runs in. */
export interface FrameAsk {
  readonly readOnly: boolean;
  /** The server ends the statement after so many ms; 0 never. */
  readonly timeoutMs: number;
}

/** With how long the session's transaction may rest, ms. */
type Frame = FrameAsk & Pick<PooledSession, "transactionIdleMs">;

/**
 * Brings a session into the state that a run needs: its timeouts, and for a read-only run the transaction that holds
 * it. Everything goes in one round trip; a server that refuses it (Aurora DSQL, Redshift and other relatives know
 * neither all settings nor LISTEN) is asked once what it takes, and gets that, one statement at a time.
 *
 * On a session that others may have next, nothing is set for longer than a transaction: a run that writes takes its
 * limits along, see `framedBy`.
 * @returns the error that forbids the run: the connection is gone, or the server has no read-only transactions
 */
export async function enterRun(session: PooledSession, asked: FrameAsk): Promise<Error | undefined> {
  const ask = frameOf(session, asked);
  const { client } = session.connection;
  const { limits, shared, timeoutMs } = session.learned;
  if (!ask.readOnly) {
    const isSet = timeoutMs === valuesOf(ask).statement_timeout;
    if (shared || isSet || client.getTransactionStatus() !== "I") return undefined;
  }
  // A session for writing was not asked how it takes a read-only run.
  if (ask.readOnly && limits?.prepareBlock === "unasked") {
    try {
      await learnLimits(session, ask);
    } catch (error) {
      return error as Error;
    }
    return enterRun(session, asked);
  }
  let refusal: Error;
  try {
    if (limits === undefined) noteBackend(session, await client.query(whole(ask, shared).join("; ")));
    else for (const text of piecemeal(ask, limits, session.learned.lockKey)) await client.query(text);
    if (!ask.readOnly) session.learned.timeoutMs = valuesOf(ask).statement_timeout;
    return undefined;
  } catch (error) {
    refusal = error as Error;
  }
  if (!isServerError(refusal) || limits !== undefined) return refusal;
  try {
    await rollBackOpen(client);
    await learnLimits(session, ask);
  } catch (error) {
    // Where the refusal has ended the connection, its words say why (PgBouncer in statement mode knows no BEGIN).
    return isServerError(error) ? error : refusal;
  }
  return enterRun(session, ask);
}

/** What the console has set on the session for itself, ms; undefined before it has, and where it was set otherwise. */
export function limitsSet({
  learned: { limits, shared, timeoutMs },
  transactionIdleMs,
}: PooledSession): Readonly<Record<Setting, number>> | undefined {
  if (timeoutMs === undefined || shared || limits !== undefined) return undefined;
  return valuesOf({ readOnly: false, timeoutMs, transactionIdleMs });
}

/**
 * What a run that writes sends in one packet with its statement, to hold for that implicit transaction alone: its
 * limits, where the session is shared and no transaction of the person's is open. A BEGIN among its statements keeps
 * them until its end.
 */
export function framedBy(session: PooledSession, ask: FrameAsk): readonly string[] {
  const { limits, shared } = session.learned;
  if (ask.readOnly || !shared || session.connection.client.getTransactionStatus() !== "I") return [];
  return setLocal(frameOf(session, ask), limits?.settings ?? runLimits);
}

/** Asks a session what it takes, after it has refused the common way. Throws when the connection is gone. */
export async function learnLimits(session: PooledSession, ask: FrameAsk): Promise<void> {
  const { connection, learned, keeps } = session;
  const mayDiscard = !learned.shared && !keeps;
  learned.limits = await findLimits(connection.client, ask, { ...learned, mayDiscard });
}

/**
 * Ends a read-only run and takes from the session what a rollback does not undo: advisory locks and prepared
 * statements. On a session that others may have next, only what this run has left there.
 * @param tag of the statement, where it has ended well
 * @returns whether the session is as it was; if not, it must be closed
 */
export async function leaveReadOnlyRun(session: PooledSession, tag: string | null): Promise<boolean> {
  const { client } = session.connection;
  const { limits, shared } = session.learned;
  try {
    if (shared) {
      if (tag === "PREPARE" && client.getTransactionStatus() === "T") await forgetPrepared(client);
      // In one packet, so that it is the same server session still.
      await client.query(session.learned.hadLocks === false ? `rollback; ${letGo}` : "rollback");
      return true;
    }
    await client.query("rollback");
    if (session.keeps) {
      // What stands in it is the person's and stays; what our frame has left there goes.
      if (limits?.prepareBlock === "lock") await client.query(letGoOf(session.learned.lockKey));
      return true;
    }
    if (limits?.discards !== false) {
      await client.query("discard all");
      return true;
    }
    // Where there is no DISCARD. What is prepared stays with this user and this session: it need not go.
    await takes(client, "deallocate all");
    if (limits.prepareBlock === "lock") await client.query(letGo);
    return true;
  } catch {
    return false;
  }
}

/** What was prepared in this transaction: others on the same server session have statements of their own. */
async function forgetPrepared(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select name from pg_catalog.pg_prepared_statements
      where from_sql and prepare_time operator(pg_catalog.>=) pg_catalog.transaction_timestamp()`,
  );
  for (const { name } of rows) await client.query(`deallocate ${escapeIdentifier(name)}`);
}

/** What the answer to the common way says of the session: which backend it is, and whether it held locks before. */
function noteBackend({ connection, learned }: PooledSession, answer: unknown): void {
  // Several statements, several results; the types know of one.
  const results: readonly unknown[] = Array.isArray(answer) ? answer : [];
  const said = results.map((result) => backendSaid.safeParse(result)).find(({ success }) => success)?.data;
  if (said === undefined) return;
  const [{ pid, locks }] = said.rows;
  learned.hadLocks = locks === undefined ? undefined : locks > 0;
  if (pid !== connection.backend.pid) learned.shared = true;
}

const backendSaid = z.object({
  rows: z.tuple([z.object({ pid: z.coerce.number(), locks: z.coerce.number().optional() })]),
});

const lockTimeoutMs = 5_000;
const readOnlyIdleMs = 60_000;
/** The server is the last to act: the console ends a transaction that rests before it does. */
const serverGraceMs = 10_000;

function valuesOf({ readOnly, timeoutMs, transactionIdleMs }: Frame): Readonly<Record<Setting, number>> {
  return {
    statement_timeout: Math.trunc(timeoutMs),
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: readOnly ? readOnlyIdleMs : transactionIdleMs + serverGraceMs,
  };
}

function frameOf({ transactionIdleMs }: PooledSession, ask: FrameAsk): Frame {
  return { ...ask, transactionIdleMs };
}

function setLocal(ask: Frame, names: readonly Setting[]): readonly string[] {
  const values = valuesOf(ask);
  return names.map((name) => `set local ${name} = ${values[name]}`);
}

function whole(ask: Frame, shared: boolean): readonly string[] {
  const values = valuesOf(ask);
  if (!ask.readOnly) return runLimits.map((name) => `set ${name} = ${values[name]}`);
  return [
    begin,
    ...setLocal(ask, runLimits),
    shared ? whoAnswersWithLocks : whoAnswers,
    prepareBlocks.listen(0),
  ];
}

function piecemeal(ask: Frame, limits: SessionLimits, lockKey: number): readonly string[] {
  const values = valuesOf(ask);
  if (!ask.readOnly) return limits.settings.map((name) => `set ${name} = ${values[name]}`);
  const { prepareBlock } = limits;
  const isBlocked = prepareBlock === "lock" || prepareBlock === "listen";
  const block = isBlocked ? [prepareBlocks[prepareBlock](lockKey)] : [];
  return [begin, ...setLocal(ask, limits.settings), snapshot, ...block];
}

const begin = "begin transaction read only";
/** After a query, `SET TRANSACTION READ WRITE` is refused (check_transaction_read_only). */
const snapshot = "select 1";
/** Queries, too. */
const whoAnswers = "select pg_catalog.pg_backend_pid() as pid";
const whoAnswersWithLocks = `select pg_catalog.pg_backend_pid() as pid, pg_catalog.count(*) as locks
  from pg_catalog.pg_locks
 where locktype operator(pg_catalog.=) 'advisory' and pid operator(pg_catalog.=) pg_catalog.pg_backend_pid()`;

/**
 * `PREPARE TRANSACTION` is allowed in a read-only transaction and would leave something behind on the server.
 *
 * It is refused after a `LISTEN` (AtPrepare_Notify), which a rollback undoes. A standby knows no LISTEN: there, on a
 * session that is nobody else's, one lock is held both by the session and by the transaction, which does the same
 * (CheckForSessionAndXactLocks). The key is random and the lock shared, so that nobody waits for it; `DISCARD ALL` lets
 * go of it.
 */
const prepareBlocks: Readonly<Record<PrepareBlock, (lockKey: number) => string>> = {
  lock: (key) =>
    `select pg_catalog.pg_advisory_lock_shared(${key}), pg_catalog.pg_advisory_xact_lock_shared(${key})`,
  // Taken back at once: the two of them still forbid to prepare, and where the person commits, nobody listens.
  listen: () => 'listen "cloak-db read-only"; unlisten "cloak-db read-only"',
};

function letGoOf(lockKey: number): string {
  return `select pg_catalog.pg_advisory_unlock_shared(${lockKey})`;
}

/**
 * Asks a session what it takes. One that is for writing is not cleared: what is in it is the person's. Of a shared one
 * nothing is asked outside of a transaction.
 * Throws when the connection is gone.
 */
async function findLimits(
  client: Client,
  { readOnly }: FrameAsk,
  { shared, lockKey, mayDiscard }: Pick<Learned, "shared" | "lockKey"> & { readonly mayDiscard: boolean },
): Promise<SessionLimits> {
  const taken: Setting[] = [];
  for (const name of runLimits)
    if (await takesInside(client, `set local ${name} = 60000`, readOnly ? begin : "begin")) taken.push(name);
  if (!readOnly) return { settings: taken, prepareBlock: "unasked", discards: false };
  const discards = mayDiscard && (await takes(client, "discard all"));
  if (await takesInside(client, prepareBlocks.listen(lockKey)))
    return { settings: taken, prepareBlock: "listen", discards };
  if (shared || !(await takesInside(client, prepareBlocks.lock(lockKey))))
    return { settings: taken, prepareBlock: "none", discards };
  await client.query(mayDiscard ? letGo : letGoOf(lockKey));
  return { settings: taken, prepareBlock: "lock", discards };
}

const letGo = "select pg_catalog.pg_advisory_unlock_all()";

/** Whether a statement is taken. Throws when the connection is gone. */
async function takes(client: Client, text: string): Promise<boolean> {
  try {
    await client.query(text);
    return true;
  } catch (error) {
    if (isServerError(error)) return false;
    throw error;
  }
}

/** Whether a statement is taken inside a transaction. */
async function takesInside(client: Client, text: string, start = begin): Promise<boolean> {
  const taken = (await takes(client, start)) && (await takes(client, text));
  await rollBackOpen(client);
  return taken;
}
