import type { HistoryAnswer } from "#app/api/connections/[id]/history/route.ts";
import { askConnection } from "../ask-connection.ts";

/**
 * What the person ran on a connection before the page was opened, the oldest first, as far as it is kept whole.
 * @throws where it is not told, or the signal aborts
 */
export async function earlierStatements(
  connectionId: string,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const before = new Date(performance.timeOrigin).toISOString();
  const body = { most: 100, whole: true, until: before };
  const answer = await askConnection<HistoryAnswer>(connectionId, "history", body, signal);
  if (!answer.ok) throw new Error("not told");
  const whole = answer.value.runs.filter((run) => !run.masked && !run.cut && !run.goesOn);
  const texts = whole.map((run) => run.sql).reverse();
  return texts.filter((text, at) => text !== texts[at + 1]);
}
