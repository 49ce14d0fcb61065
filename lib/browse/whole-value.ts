import "server-only";
import type { z } from "zod";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import type { valueAsk } from "./ask.ts";
import type { BrowsedTable } from "./browsed-table.ts";
import { capabilities } from "./capabilities.ts";
import { type PageControl, type PageFailure, pageFailure } from "./page-failure.ts";
import { columnOf, oneRow, tableOf } from "./page-query.ts";
import { operatorSchemas, pagedTable } from "./paged-table.ts";
import { openReading, type Reading } from "./reading.ts";
import { plain, type Sql, sql } from "./sql-text.ts";
import { pageTimeoutMs } from "./table-page.ts";

/** A longer one is for a download. */
export const mostWhole = 64 * 1024 * 1024;
/** Characters a row: four bytes each at most, and one message of a server is 16 MiB at most. */
const pieceLength = 3_000_000;

/** What was found: the text, piece by piece, `null` for SQL's NULL; or how long it is where that is too long. */
export type WholeValue =
  | { readonly kind: "text"; readonly bytes: number; readonly pieces: AsyncGenerator<string, void, void> }
  | { readonly kind: "null" }
  | { readonly kind: "gone" }
  | { readonly kind: "too-long"; readonly bytes: number };

/**
 * One whole value of one row, in the server's own text. Takes over the session and gives it back when the pieces were
 * taken, or when whoever takes them stops; throws, from the pieces too, where the statement fails on its way.
 */
export async function wholeValue(
  session: PooledSession,
  table: BrowsedTable,
  ask: Pick<z.output<typeof valueAsk>, "column" | "key" | "place" | "version" | "timeZone">,
  control: PageControl,
): Promise<Result<WholeValue, PageFailure>> {
  const paged = pagedTable(table, await capabilities(session.connection, table));
  const row = oneRow(paged, ask);
  const column = paged.columns.find(({ name, readable }) => name === ask.column && readable);
  if (row === null || column === undefined) {
    session.release();
    return ok({ kind: "gone" });
  }
  const opened = await openReading(session, {
    ...control,
    timeoutMs: pageTimeoutMs,
    timeZone: ask.timeZone,
    operatorSchemas: operatorSchemas(table),
    ownNames: false,
  });
  if (!opened.ok) return failed(pageFailure(opened.problem));
  const reading = opened.value;
  const from = sql`from ${tableOf(paged)} where ${row}`;
  const value = columnOf(paged, column.name);
  // A cast to text of the others would not be what the server sends (`char(n)` without its blanks).
  if (column.long === "no") return short(reading, sql`select ${value} ${from} limit 1`);
  const size = await reading.ask(
    column.long === "bytes"
      ? sql`select 2 + 2 * octet_length(${value}) ${from} limit 1`
      : sql`select octet_length(${value}::text) ${from} limit 1`,
  );
  const found = size.ok ? size.value.rows[0] : undefined;
  const bytes = Number(found?.[0] ?? 0);
  if (!size.ok || found === undefined || found[0] === null || bytes > mostWhole) {
    await reading.leave();
    if (!size.ok) return failed(pageFailure(size.problem));
    if (found === undefined) return ok({ kind: "gone" });
    return ok(found[0] === null ? { kind: "null" } : { kind: "too-long", bytes });
  }
  const length = plain(String(pieceLength));
  // Taken out of its storage once: `offset 0` keeps the planner from writing it out again for each piece.
  const pieces = sql`
    select substr(whole, 1 + n * ${length}, ${length})
      from (select ${value}::text || '' as whole ${from} limit 1 offset 0) as value,
           generate_series(0, greatest(0, (length(whole) - 1) / ${length})) as n`;
  return ok({ kind: "text", bytes, pieces: streamed(reading, pieces) });
}

async function short(reading: Reading, statement: Sql): Promise<Result<WholeValue, PageFailure>> {
  const answer = await reading.ask(statement);
  await reading.leave();
  if (!answer.ok) return failed(pageFailure(answer.problem));
  const row = answer.value.rows[0];
  if (row === undefined) return ok({ kind: "gone" });
  const text = row[0] ?? null;
  return ok(
    text === null ? { kind: "null" } : { kind: "text", bytes: Buffer.byteLength(text), pieces: one(text) },
  );
}

async function* one(text: string): AsyncGenerator<string, void, void> {
  yield text;
}

async function* streamed(reading: Reading, statement: Sql): AsyncGenerator<string, void, void> {
  try {
    for await (const row of reading.stream(statement)) {
      if (!row.ok) throw new Error(`the value broke off: ${row.problem.why}`);
      yield row.value[0] ?? "";
    }
  } finally {
    await reading.leave();
  }
}
