import "server-only";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { isServerError } from "#lib/wire/server-error.ts";

/**
 * What an error of the server or the network means for whoever asked.
 * @param alive whether the connection can still be used: then the statement was undone
 * @throws the error itself where the statement is wrong, not the place
 */
export function troubleOf(
  error: Error,
  { alive, sent }: { readonly alive: boolean; readonly sent: boolean },
): Problem {
  const unknown = sent && !alive ? { sent: true } : {};
  if (!isServerError(error)) return problem("store-away", { why: "connection-lost", ...unknown });
  const sqlstate = error.code ?? "";
  if (conflicts.has(sqlstate)) return problem("store-conflict", { sqlstate });
  if (isNotReady(sqlstate)) return problem("store-not-ready", { sqlstate, ...named(error) });
  // 22: a value that no column takes; 23: what only a statement of ours can violate.
  if (alive && /^(22|23|2F|39)/.test(sqlstate)) throw error;
  return problem("store-away", { why: sqlstate, sqlstate, ...unknown });
}

/**
 * Somebody was quicker: serialization_failure, deadlock_detected, unique_violation; Aurora DSQL's change of data and of
 * the schema (https://docs.aws.amazon.com/aurora-dsql/latest/userguide/working-with-concurrency-control.html).
 */
const conflicts: ReadonlySet<string> = new Set(["40001", "40P01", "23505", "OC000", "OC001"]);

/** A right, a table, a schema or a database is missing, or the server is of a kind that lacks what is asked of it. */
function isNotReady(sqlstate: string): boolean {
  return /^(42|3D|3F|28|0A)/.test(sqlstate);
}

function named({
  table,
  schema,
}: {
  readonly table?: string | undefined;
  readonly schema?: string | undefined;
}) {
  return { ...(table === undefined ? {} : { table }), ...(schema === undefined ? {} : { schema }) };
}
