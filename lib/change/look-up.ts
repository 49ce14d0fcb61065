import "server-only";
import type { BrowsedTable } from "#lib/browse/browsed-table.ts";
import { capabilities } from "#lib/browse/capabilities.ts";
import { type PageControl, type PageFailure, pageFailure } from "#lib/browse/page-failure.ts";
import { columnOf, tableOf } from "#lib/browse/page-query.ts";
import { operatorSchemas, pagedTable } from "#lib/browse/paged-table.ts";
import { openReading } from "#lib/browse/reading.ts";
import { bound, joined, plain, type Sql, sql } from "#lib/browse/sql-text.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import { mostLookedUp } from "./change-set.ts";
import type { LookUp, LookUpAsk } from "./shapes.ts";

/** A list to choose from is of no use later. */
const timeoutMs = 2_000;
/** Characters of a key or a label that are sent. */
const longest = 200;

/**
 * Rows of a table that a foreign key refers to: their key, and beside it the first column of text. What is searched for
 * begins a value of the key, or stands somewhere in that text. Takes over the session and gives it back.
 * @returns null in `value` where the table has no such columns
 */
export async function lookUp(
  session: PooledSession,
  table: BrowsedTable,
  ask: LookUpAsk,
  control: PageControl,
): Promise<Result<LookUp | null, PageFailure>> {
  const paged = pagedTable(table, await capabilities(session.connection, table));
  const readable = table.columns.filter((column) => column.readable);
  const key = ask.columns.map((name) => readable.find((column) => column.name === name));
  const label = readable.find((column) => column.isText && !ask.columns.includes(column.name));
  if (key.includes(undefined)) {
    session.release();
    return ok(null);
  }
  const opened = await openReading(session, {
    ...control,
    timeoutMs,
    timeZone: ask.timeZone,
    operatorSchemas: operatorSchemas(table),
    ownNames: false,
  });
  if (!opened.ok) return failed(pageFailure(opened.problem));
  const reading = opened.value;
  const columns = ask.columns.map((name) => columnOf(paged, name));
  const labelSql = label === undefined ? null : columnOf(paged, label.name);
  const shown = [
    ...columns,
    ...(labelSql === null ? [] : [sql`left(${labelSql}::text, ${plain(String(longest))})`]),
  ];
  try {
    const found = await reading.ask(
      sql`select ${joined(shown, ", ")} from ${tableOf(paged)} where ${matching(columns, labelSql, ask.search)} order by ${joined(columns, ", ")} limit ${plain(String(mostLookedUp + 1))}`,
    );
    if (!found.ok) return failed(pageFailure(found.problem));
    const rows = found.value.rows.slice(0, mostLookedUp);
    return ok({
      label: label?.name ?? null,
      rows: rows.map((row) => ({
        key: row.slice(0, columns.length),
        label: labelSql === null ? null : (row[columns.length] ?? null),
      })),
      more: found.value.rows.length > mostLookedUp,
    });
  } finally {
    await reading.leave();
  }
}

function matching(columns: readonly Sql[], label: Sql | null, search: string): Sql {
  if (search === "") return sql`true`;
  const literal = search.replace(/[\\%_]/g, "\\$&");
  const inKey = columns.map((column) => sql`${column}::text ilike ${bound(`${literal}%`)}`);
  const inLabel = label === null ? [] : [sql`${label}::text ilike ${bound(`%${literal}%`)}`];
  return sql`(${joined([...inKey, ...inLabel], " or ")})`;
}
