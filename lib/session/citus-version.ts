import "server-only";
import { serverText } from "#lib/wire/server-text.ts";
import { type CatalogueConnection, factLimits, query } from "./query.ts";
import { statement } from "./statement.ts";

/**
 * The version of the Citus extension in this database, `13.0-1`; null when it is not there, or the server does not
 * tell. Throws when the connection is gone.
 */
export async function citusVersion(connection: CatalogueConnection): Promise<string | null> {
  const answer = await query(connection, installed, factLimits);
  const version = answer.ok ? answer.value[0]?.[0] : undefined;
  return version === undefined || version === null ? null : serverText(version);
}

const installed = statement(
  "select extversion from pg_catalog.pg_extension where extname operator(pg_catalog.=) 'citus'",
);
