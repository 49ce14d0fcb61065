import "server-only";
import type { z } from "zod";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { roundedMs } from "#lib/rounded-ms.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import type { countAsk } from "./ask.ts";
import type { BrowsedTable } from "./browsed-table.ts";
import { capabilities } from "./capabilities.ts";
import { type PageControl, type PageFailure, pageFailure, probed } from "./page-failure.ts";
import { countRows, narrowed } from "./page-query.ts";
import { operatorSchemas, pagedTable } from "./paged-table.ts";
import { openReading } from "./reading.ts";
import type { RowCount } from "./shapes.ts";

/**
 * Counts the rows of a relation, or those that a filter leaves, within a time. Takes over the session and releases it, a little later;
 * throws when the connection is gone.
 * @returns `rows: null` where it took longer
 */
export async function rowCount(
  session: PooledSession,
  table: BrowsedTable,
  ask: Pick<z.output<typeof countAsk>, "filters" | "where" | "timeoutMs" | "timeZone">,
  control: PageControl,
): Promise<Result<RowCount, PageFailure>> {
  const paged = pagedTable(table, await capabilities(session.connection, table));
  const opened = await openReading(session, {
    ...control,
    timeoutMs: ask.timeoutMs,
    timeZone: ask.timeZone,
    operatorSchemas: operatorSchemas(table),
    ownNames: ask.where.trim() !== "",
  });
  if (!opened.ok) return failed(pageFailure(opened.problem));
  const reading = opened.value;
  try {
    const probe = await probed(reading, paged, ask.where);
    if (!probe.ok) return failed(pageFailure(probe.problem));
    const startedAt = performance.now();
    const answer = await reading.ask(countRows(paged, narrowed(paged, ask)));
    const ms = roundedMs(performance.now() - startedAt);
    if (answer.ok) return ok({ rows: Number(answer.value.rows[0]?.[0] ?? 0), ms });
    const failure = pageFailure(answer.problem);
    // The server's own limit: 57014, which a cancellation of somebody else's has, too.
    const isOver =
      failure.why === "too-long" || (failure.why === "trouble" && failure.trouble.sqlstate === "57014");
    return isOver ? ok({ rows: null, ms }) : failed(failure);
  } finally {
    void reading.leave();
  }
}
