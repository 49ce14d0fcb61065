import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import type { StoreLink } from "./query.ts";
import { grantStatements, tableStatements } from "./tables.ts";

/**
 * Makes the tables that are not there, and gives a role what a console needs: each statement by itself, so that it can be
 * run again, and on relatives of PostgreSQL that take one a transaction.
 * @param role the console's; undefined where its rights are given by hand
 */
export async function setUpStore(
  link: StoreLink,
  schema: string,
  role: string | undefined,
): Promise<Result<void>> {
  for (const { text, orElse } of tableStatements(schema)) {
    const made = await link.query(text);
    if (made.ok) continue;
    const isRefused = orElse !== undefined && /^(42601|0A000)$/.test(String(made.problem.facts.sqlstate));
    const again = isRefused ? await link.query(orElse) : made;
    if (!again.ok) return again;
  }
  for (const text of role === undefined ? [] : grantStatements(schema, role)) {
    const given = await link.query(text);
    if (!given.ok) return given;
  }
  return ok(undefined);
}
