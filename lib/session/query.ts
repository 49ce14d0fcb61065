import "server-only";
import type pg from "pg";
import type { LiveConnection } from "#lib/connect/connect.ts";
import { isServerError } from "#lib/wire/server-error.ts";
import { serverText } from "#lib/wire/server-text.ts";
import { rollBackOpen } from "#lib/wire/settled-status.ts";
import { PortalQuery, type PortalStep } from "./portal-query.ts";
import type { QueryAnswer, QueryRow, QueryTrouble } from "./query-answer.ts";
import type { Statement } from "./statement.ts";

/** What a question to a server needs of its connection. */
export type CatalogueConnection = Pick<LiveConnection, "client" | "inbound" | "socket">;

export interface QueryLimits {
  /** The server ends the question after so many ms; where it does not, its connection is cut a little later. */
  readonly timeoutMs: number;
  /** How long it may wait for one lock, ms. */
  readonly lockTimeoutMs: number;
  /** What the answer may weigh, bytes. */
  readonly bytes: number;
  /**
   * The person's search path stays in force, where it is what is asked for. Then every name in the statement, each
   * operator included, is written with its schema.
   */
  readonly searchPath?: "kept";
}

/** For a few facts of the session or the server. */
export const factLimits: QueryLimits = { timeoutMs: 5_000, lockTimeoutMs: 2_000, bytes: 64 * 1024 };

/**
 * Asks a server one question of the console's own: read-only, with nothing but the system's names in sight, within
 * its limits. What the person has set on the session does not matter to it, and nothing of it stays there. Each
 * question is an implicit transaction of its own, one packet there and one back, so that poolers take it in every mode;
 * relatives of PostgreSQL that refuse that way are asked inside BEGIN and ROLLBACK with the settings that they take,
 * which is found once a client. Never without read-only and the search path,
 * but where that is what is asked for.
 * @returns the rows, or why there are none, whatever the server refuses; throws when the connection is gone
 */
export async function query(
  connection: CatalogueConnection,
  statement: Statement,
  limits: QueryLimits,
): Promise<QueryAnswer<readonly QueryRow[]>> {
  const { client } = connection;
  if (client.getTransactionStatus() !== "I")
    throw new Error("a question of the console's own inside a transaction of the person's");
  const stop = cutAfter(connection.socket, limits);
  try {
    if (!taken.has(client)) {
      const answer = await ask(connection, statement, limits, frame(limits));
      if (answer !== "frame-refused") return answer;
      taken.set(client, await findTaken(connection, limits));
    }
    return await askInside(connection, statement, limits, taken.get(client) ?? []);
  } finally {
    stop();
  }
}

/** Cuts a connection where a server does not end a question itself. @returns stops it */
export function cutAfter(
  socket: CatalogueConnection["socket"],
  { timeoutMs }: Pick<QueryLimits, "timeoutMs">,
): () => void {
  const handle = setTimeout(() => socket.destroy(), timeoutMs + graceMs);
  return () => clearTimeout(handle);
}

/** Later than the server's own limit, so that its own words are heard where it has them. */
const graceMs = 2_000;

/** The limits that a server which refuses the common way takes. As long as the client lives; another bundle asks anew. */
const taken = new WeakMap<pg.Client, readonly TimeLimit[]>();

type TimeLimit = "statement_timeout" | "lock_timeout";

const searchPath = "set local search_path = pg_catalog, pg_temp";

function timeLimit(name: TimeLimit, limits: QueryLimits): string {
  const ms = name === "statement_timeout" ? limits.timeoutMs : limits.lockTimeoutMs;
  return `set local ${name} = ${Math.trunc(ms)}`;
}

function frame(limits: QueryLimits): readonly string[] {
  const times = [timeLimit("statement_timeout", limits), timeLimit("lock_timeout", limits)];
  const path = limits.searchPath === "kept" ? [] : [searchPath];
  return ["set transaction read only", ...path, ...times, isInForce(path.length > 0)];
}

/** A server that only warns of a SET LOCAL outside of BEGIN, and forgets it, fails here: division by zero. */
function isInForce(withPath: boolean): string {
  const path = "and pg_catalog.current_setting('search_path') operator(pg_catalog.=) 'pg_catalog, pg_temp' ";
  return `select 1 operator(pg_catalog./) (case
  when pg_catalog.current_setting('transaction_read_only') operator(pg_catalog.=) 'on'
   ${withPath ? path : ""}then 1 else 0 end)`;
}

type Rows = QueryAnswer<readonly QueryRow[]>;

/** Throws when the connection is gone. */
function ask(
  connection: CatalogueConnection,
  statement: Statement,
  limits: QueryLimits,
  before: readonly string[],
): Promise<Rows | "frame-refused"> {
  const { client, inbound } = connection;
  inbound.startResult(limits.bytes);
  return new Promise((resolve, reject) => {
    const rows: QueryRow[] = [];
    const receive = (step: PortalStep) => {
      if (step.type === "batch") for (const row of step.rows) rows.push(row);
      else if (step.type === "overflow") inbound.stop("result");
      else if (step.type === "end") resolve({ ok: true, value: rows });
      else if (step.type === "error" && !step.alive) reject(step.error);
      else if (step.type === "error") resolve(portal.framing > 0 ? "frame-refused" : refused(step.error));
    };
    const whole = {
      firstBatch: 0,
      byteCap: limits.bytes,
      cellCap: limits.bytes,
      onBreach: () => inbound.stop("rows"),
    };
    const portal = new PortalQuery(statement, { ...whole, before }, receive);
    client.query(portal);
  });
}

async function askInside(
  connection: CatalogueConnection,
  statement: Statement,
  limits: QueryLimits,
  times: readonly TimeLimit[],
): Promise<Rows> {
  const { client } = connection;
  const path = limits.searchPath === "kept" ? [] : [searchPath];
  const settings = [...path, ...times.map((name) => timeLimit(name, limits))];
  try {
    for (const text of ["begin transaction read only", ...settings]) await client.query(text);
    const answer = await ask(connection, statement, limits, []);
    if (answer === "frame-refused") throw new Error("there was no frame");
    return answer;
  } catch (error) {
    if (!isServerError(error)) throw error;
    return refused(error);
  } finally {
    await rollBackOpen(client);
  }
}

async function findTaken(
  { client }: CatalogueConnection,
  limits: QueryLimits,
): Promise<readonly TimeLimit[]> {
  const found: TimeLimit[] = [];
  for (const name of ["statement_timeout", "lock_timeout"] as const) {
    try {
      await client.query("begin");
      await client.query(timeLimit(name, limits));
      found.push(name);
    } catch (error) {
      if (!isServerError(error)) throw error;
    }
    await rollBackOpen(client);
  }
  return found;
}

function refused(error: Error): Rows {
  const code = isServerError(error) ? error.code : undefined;
  return { ok: false, trouble: { why: whyOf(code), message: serverText(error.message) } };
}

function whyOf(sqlstate: string | undefined): QueryTrouble["why"] {
  switch (sqlstate) {
    case "42501":
      return "denied";
    case "57014":
    case "55P03":
      return "timeout";
    case "42P01":
    case "42703":
    case "42883":
      return "missing";
    default:
      return "failed";
  }
}
