import "server-only";
import type { Client } from "pg";
import { escapeIdentifier } from "pg";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import { enterRun, leaveReadOnlyRun } from "#lib/session/run-frame.ts";
import { isServerError, type ServerError } from "#lib/wire/server-error.ts";
import { rollBackOpen } from "#lib/wire/settled-status.ts";

export interface TransferFrame {
  /** The person's transaction is open in this session: the export sees what it sees, and leaves it as it was. */
  readonly inTransaction: boolean;
  /** Values are to look the same whatever the role or the database prefers. */
  readonly outputs: boolean;
  readonly operatorSchemas: readonly string[];
  /** Nothing but the system's names and those schemas are in sight. */
  readonly systemNamesOnly: boolean;
  readonly timeZone: string | undefined;
}

/** Ends the frame and gives the session back; never rejects. */
type Leave = () => Promise<void>;

/**
 * Brings a session into the state that an export needs: read-only, kept so by the server, without a time limit. What is
 * sent as it stands is the console's own; what comes from a person is bound.
 * @returns how it is left, or the server's refusal; throws when the connection is gone
 */
export async function enterTransfer(
  session: PooledSession,
  frame: TransferFrame,
): Promise<Result<Leave, ServerError>> {
  const { client } = session.connection;
  const isInside = frame.inTransaction && client.getTransactionStatus() !== "I";
  let leave: Leave = async () => session.discard();
  try {
    if (isInside) {
      // Where not even that is taken, the transaction has failed already, and stays as it is.
      leave = async () => session.release();
      await client.query(`savepoint ${ours}`);
      leave = () => leaveInside(session);
      await client.query("set local transaction_read_only = on");
      await client.query("set local statement_timeout = 0");
    } else if (session.ofTab() !== undefined || session.keeps) {
      const error = await enterRun(session, { readOnly: true, timeoutMs: 0 });
      if (error !== undefined) throw error;
      leave = () => leaveOwn(session);
    } else {
      const error = await enterAlone(session);
      if (error !== undefined) throw error;
    }
    if (frame.outputs && !(await takes(client, outputs.join("; "))))
      for (const text of outputs) await takes(client, text);
    await setNames(client, frame);
    return ok(leave);
  } catch (error) {
    if (!isServerError(error)) {
      session.discard();
      throw error;
    }
    await leave();
    return failed(error);
  }
}

const ours = '"cloak-db transfer"';

const outputs = [
  "set local datestyle = 'ISO, MDY'",
  "set local intervalstyle = 'postgres'",
  "set local bytea_output = 'hex'",
  "set local extra_float_digits = 1",
];

/** A session of its own, which is closed afterwards: one moment for all that the statement reads. */
async function enterAlone(session: PooledSession): Promise<Error | undefined> {
  const { client } = session.connection;
  try {
    await client.query(
      "begin transaction isolation level repeatable read read only; set local statement_timeout = 0",
    );
    return undefined;
  } catch (error) {
    if (!isServerError(error)) throw error;
    await rollBackOpen(client);
  }
  // A relative of PostgreSQL that knows less takes what it takes.
  return enterRun(session, { readOnly: true, timeoutMs: 0 });
}

/** What a relative of PostgreSQL does not know, it does without. @returns whether it was taken */
async function takes(client: Client, text: string): Promise<boolean> {
  try {
    await client.query(`savepoint tried; ${text}; release savepoint tried`);
    return true;
  } catch (error) {
    if (!isServerError(error)) throw error;
    await client.query("rollback to savepoint tried");
    return false;
  }
}

async function setNames(client: Client, frame: TransferFrame): Promise<void> {
  if (frame.timeZone !== undefined)
    await client.query({
      text: "select pg_catalog.set_config('timezone', $1, true)",
      values: [frame.timeZone],
    });
  const names = frame.operatorSchemas.map((name) => escapeIdentifier(name));
  if (frame.systemNamesOnly) {
    const path = ["pg_catalog", ...names, "pg_temp"].join(", ");
    await client.query({ text: "select pg_catalog.set_config('search_path', $1, true)", values: [path] });
  } else if (names.length > 0) {
    await client.query({
      text: `select pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ',
               nullif(pg_catalog.current_setting('search_path'), ''), $1::pg_catalog.text), true)`,
      values: [names.join(", ")],
    });
  }
}

async function leaveInside(session: PooledSession): Promise<void> {
  const { client } = session.connection;
  try {
    await client.query(`rollback to savepoint ${ours}`);
    await client.query(`release savepoint ${ours}`);
    session.release();
  } catch {
    session.discard();
  }
}

async function leaveOwn(session: PooledSession): Promise<void> {
  if (await leaveReadOnlyRun(session, null)) session.release();
  else session.discard();
}
