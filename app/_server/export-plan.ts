import "server-only";
import { tableFacts } from "#lib/browse/table-facts.ts";
import { problem } from "#lib/problems/problem.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import type { AskedExport } from "#lib/transfer/ask.ts";
import { type ExportPlan, statementPlan, tablePlan } from "#lib/transfer/export-run.ts";
import { catalogueTrouble, refusal } from "./read-connection.ts";

/** What is to be exported, or the answer to give where there is no such table. Throws when the connection is gone. */
export async function planOf(session: PooledSession, ask: AskedExport): Promise<ExportPlan | Response> {
  const { what } = ask;
  if (what.kind === "statement") return statementPlan({ ...ask, what });
  const facts = await tableFacts(session.connection, what.schema, what.table);
  if (!facts.ok) return catalogueTrouble(facts.trouble);
  if (facts.value === null) return refusal(problem("not-found"));
  return tablePlan(session, facts.value, { ...ask, what });
}
