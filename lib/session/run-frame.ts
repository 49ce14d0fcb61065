import "server-only";
import { randomInt } from "node:crypto";
import type pg from "pg";
import { isServerError } from "#lib/wire/server-error.ts";
import type { PrepareBlock, SessionLimits, Setting } from "./learned.ts";
import type { PooledSession } from "./pooled-session.ts";

/** What a run asks of the session that it runs in. */
export interface FrameAsk {
  readonly readOnly: boolean;
  /** The server ends the statement after so many ms; 0 never. */
  readonly timeoutMs: number;
}

/**
 * Brings a session into the state that a run needs: its timeouts, and for a read-only run the transaction that holds
 * it. Everything goes in one round trip; a server that refuses it (Aurora DSQL, Redshift and other relatives know
 * neither all settings nor advisory locks) is asked once what it takes, and gets that, one statement at a time.
 * @returns the error that forbids the run: the connection is gone, or the server has no read-only transactions
 */
export async function enterRun(session: PooledSession, ask: FrameAsk): Promise<Error | undefined> {
  const { client } = session.connection;
  const known = session.learned.limits;
  if (!ask.readOnly && client.getTransactionStatus() !== "I") return undefined;
  if (!ask.readOnly && session.learned.timeoutMs === valuesOf(ask).statement_timeout) return undefined;
  let refusal: Error;
  try {
    if (known === undefined) await client.query(whole(ask).join("; "));
    else for (const text of piecemeal(ask, known)) await client.query(text);
    noteSettings(session, ask);
    return undefined;
  } catch (error) {
    if (!isServerError(error) || known !== undefined) return error as Error;
    refusal = error;
  }
  try {
    await endTransaction(client);
    session.learned.limits = await findLimits(client, ask);
  } catch (error) {
    // A pooler in statement mode says that it takes no transactions, and hangs up: what it said is the reason.
    return isServerError(error) ? error : refusal;
  }
  return enterRun(session, ask);
}

/**
 * Ends a read-only run and takes from the session what a rollback does not undo: advisory locks and prepared
 * statements.
 * @returns whether the session is as it was; if not, it must be closed
 */
export async function leaveReadOnlyRun(session: PooledSession): Promise<boolean> {
  const { client } = session.connection;
  const { limits } = session.learned;
  try {
    await client.query("rollback");
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

const lockTimeoutMs = 5_000;
const idleInTransactionMs = 60_000;

function valuesOf(ask: FrameAsk): Readonly<Record<Setting, number>> {
  return {
    statement_timeout: Math.trunc(ask.timeoutMs),
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
  };
}

const settings: readonly Setting[] = [
  "statement_timeout",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
];

function noteSettings(session: PooledSession, ask: FrameAsk): void {
  if (!ask.readOnly) session.learned.timeoutMs = valuesOf(ask).statement_timeout;
}

function whole(ask: FrameAsk): readonly string[] {
  const values = valuesOf(ask);
  if (!ask.readOnly) return settings.map((name) => `set ${name} = ${values[name]}`);
  const locals = settings.map((name) => `set local ${name} = ${values[name]}`);
  return [begin, ...locals, prepareBlocks.lock()];
}

function piecemeal(ask: FrameAsk, limits: SessionLimits): readonly string[] {
  const values = valuesOf(ask);
  if (!ask.readOnly) return limits.settings.map((name) => `set ${name} = ${values[name]}`);
  const locals = limits.settings.map((name) => `set local ${name} = ${values[name]}`);
  const prepareBlock = limits.prepareBlock === "none" ? [] : [prepareBlocks[limits.prepareBlock]()];
  return [begin, ...locals, snapshot, ...prepareBlock];
}

const begin = "begin transaction read only";
/** After a query, `SET TRANSACTION READ WRITE` is refused (check_transaction_read_only). */
const snapshot = "select 1";

/**
 * `PREPARE TRANSACTION` is allowed in a read-only transaction and would leave something behind on the server.
 *
 * It is refused while one lock is held both by the session and by the transaction (CheckForSessionAndXactLocks). The
 * key is random and the lock shared, so that nobody waits for it; `DISCARD ALL` lets go of it. It is refused, too,
 * after a `LISTEN` (AtPrepare_Notify), which a rollback undoes: for sessions that may not take advisory locks.
 */
const prepareBlocks: Readonly<Record<PrepareBlock, () => string>> = {
  lock() {
    const key = randomInt(2 ** 47);
    return `select pg_catalog.pg_advisory_lock_shared(${key}), pg_catalog.pg_advisory_xact_lock_shared(${key})`;
  },
  listen: () => 'listen "cloak-db read-only"',
};

/**
 * Asks a session what it takes. One that is for writing is not cleared: what is in it is the person's.
 * Throws when the connection is gone.
 */
async function findLimits(client: pg.Client, { readOnly }: FrameAsk): Promise<SessionLimits> {
  const taken: Setting[] = [];
  for (const name of settings) if (await takes(client, `set ${name} = 60000`)) taken.push(name);
  if (!readOnly) return { settings: taken, prepareBlock: "none", discards: false };
  const discards = await takes(client, "discard all");
  if (!discards) for (const name of taken) await takes(client, `reset ${name}`);
  if (await takesInside(client, prepareBlocks.lock())) {
    await client.query(letGo);
    return { settings: taken, prepareBlock: "lock", discards };
  }
  const listens = await takesInside(client, prepareBlocks.listen());
  return { settings: taken, prepareBlock: listens ? "listen" : "none", discards };
}

const letGo = "select pg_catalog.pg_advisory_unlock_all()";

/** Whether a statement is taken. Throws when the connection is gone. */
async function takes(client: pg.Client, text: string): Promise<boolean> {
  try {
    await client.query(text);
    return true;
  } catch (error) {
    if (isServerError(error)) return false;
    throw error;
  }
}

/** Whether a statement is taken inside a read-only transaction. */
async function takesInside(client: pg.Client, text: string): Promise<boolean> {
  const taken = (await takes(client, begin)) && (await takes(client, text));
  await endTransaction(client);
  return taken;
}

async function endTransaction(client: pg.Client): Promise<void> {
  if (client.getTransactionStatus() !== "I") await client.query("rollback");
}
