import "server-only";
import { maskPasswords } from "#lib/notebook/mask-passwords.ts";
import { type CatalogueConnection, type QueryLimits, query } from "#lib/session/query.ts";
import type { QueryAnswer, QueryRow } from "#lib/session/query-answer.ts";
import { statement } from "#lib/session/statement.ts";
import type { EndAct, EndOutcome, ServerActivity, ServerSession } from "./shapes.ts";

/** What is asked of a server. Whose a session is, and who may end one, is the console's to say. */
export type ToldActivity = Pick<ServerActivity, "total" | "hidden" | "tellsBlocking"> & {
  readonly sessions: readonly Omit<ServerSession, "whose">[];
};

const limits: QueryLimits = { timeoutMs: 5_000, lockTimeoutMs: 1_000, bytes: 8 * 1024 * 1024 };
const mostSessions = 500;
const longestQuery = 4_000;

/**
 * Who is connected to a server and what they do, but the session that asks: `pg_stat_activity` and, of those that wait
 * for a lock, `pg_blocking_pids` (https://www.postgresql.org/docs/18/functions-info.html). That one stops the lock manager
 * for a moment, so it is asked of no others. Passwords in statements are left out. Throws when the connection is gone.
 * @returns where the server does not tell who waits for whom, the rest all the same
 */
export async function serverActivity(connection: CatalogueConnection): Promise<QueryAnswer<ToldActivity>> {
  const whole = await query(connection, statement(activityText(true), mostSessions), limits);
  if (whole.ok) return { ok: true, value: told(whole.value, true) };
  if (whole.trouble.why === "timeout") return whole;
  const rest = await query(connection, statement(activityText(false), mostSessions), limits);
  return rest.ok ? { ok: true, value: told(rest.value, false) } : rest;
}

/**
 * Ends a statement or a session of a server, where it is still the one that was seen. Throws when the connection is gone.
 * @param start when the session began, as it was told
 */
export async function endSession(
  connection: CatalogueConnection,
  { pid, start, act }: { readonly pid: number; readonly start: string | null; readonly act: EndAct },
): Promise<EndOutcome> {
  const text = `select ${act === "cancel" ? "pg_cancel_backend" : "pg_terminate_backend"}(a.pid)
  from pg_stat_activity as a
 where a.pid = $1::int4 and ${startText} is not distinct from $2::int8`;
  const answer = await query(connection, statement(text, pid, start), limits);
  if (!answer.ok) {
    const { why, message } = answer.trouble;
    return { came: why === "denied" ? "denied" : "failed", message };
  }
  return answer.value[0]?.[0] === "t" ? { came: "sent" } : { came: "gone" };
}

const startText = "(extract(epoch from a.backend_start) * 1000000)::int8";

/** Columns that only some versions have are read from the row as JSON. What belongs to no database serves the server. */
function activityText(blocking: boolean): string {
  const since = (column: string) => `(extract(epoch from clock_timestamp() - a.${column}) * 1000)::int8`;
  return `
select a.pid, ${startText}, a.datname, a.usename, a.application_name, host(a.client_addr),
       to_jsonb(a) ->> 'backend_type', a.state, a.wait_event_type, a.wait_event,
       ${since("xact_start")}, case when a.state = 'active' then ${since("query_start")} end, ${since("state_change")},
       left(a.query, ${longestQuery}),
       ${blocking ? "case when a.wait_event_type = 'Lock' then array_to_string(pg_blocking_pids(a.pid), ',') end" : "null"},
       count(*) over ()
  from pg_stat_activity as a
 where a.datid is not null and a.pid <> pg_backend_pid()
 order by a.wait_event_type = 'Lock' desc nulls last, a.xact_start nulls last
 limit $1::int8`;
}

/** What stands for a statement that the role may not see. */
const unseen = "<insufficient privilege>";

function told(rows: readonly QueryRow[], tellsBlocking: boolean): ToldActivity {
  const sessions = rows.map((row): Omit<ServerSession, "whose"> => {
    const [pid, start, database, user, application, client, kind, state, waitType, wait, ...more] = row;
    const [transaction, spent, standing, text, blockers] = more;
    return {
      pid: Number(pid),
      start: start ?? null,
      database: database ?? null,
      user: user ?? null,
      application: application ?? "",
      client: client ?? null,
      kind: kind ?? null,
      state: state ?? null,
      waitType: waitType ?? null,
      wait: wait ?? null,
      transactionMs: msOf(transaction),
      statementMs: msOf(spent),
      stateMs: msOf(standing),
      query: text === null || text === undefined || text === unseen ? null : maskPasswords(text),
      blockedBy: blockers ? blockers.split(",").map(Number) : [],
    };
  });
  return {
    sessions,
    total: Number(rows[0]?.at(-1) ?? 0),
    hidden: rows.filter((row) => row[13] === unseen).length,
    tellsBlocking,
  };
}

function msOf(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Math.max(0, Number(text));
}
