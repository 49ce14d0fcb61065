import "server-only";
import type pg from "pg";
import { type CatalogueConnection, factLimits, query } from "#lib/session/query.ts";
import { statement } from "#lib/session/statement.ts";
import { type BrowsedTable, isStored } from "./browsed-table.ts";
import { built, named, sql } from "./sql-text.ts";

/** What a server can do for browsing beyond plain SQL. */
export interface Capabilities {
  /** Rows tell by `xmin` that they are another version now. */
  readonly xmin: boolean;
  /** Rows have a place, `tableoid` and `ctid`, and are found by a range of it. */
  readonly place: boolean;
  /** `EXPLAIN (FORMAT JSON)`. */
  readonly plans: boolean;
}

/**
 * What a session's server can do: tried, once a session, never told from the name of a product. System columns are tried
 * on a table that may be read, since catalogues of relatives are often no tables. A view has none wherever it is: what it
 * refuses says nothing of the server.
 * Throws when the connection is gone.
 */
export async function capabilities(
  connection: CatalogueConnection,
  table: Pick<BrowsedTable, "kind" | "schema" | "name" | "readable" | "isForeign">,
): Promise<Capabilities> {
  const known = tried.get(connection.client) ?? {};
  tried.set(connection.client, known);
  known.plans ??= await takes(connection, "explain (format json) select 1");
  if (!isStored(table)) return { xmin: false, place: false, plans: known.plans };
  const { text: from } = built(sql`from ${named(table.schema, table.name)} limit 0`);
  known.xmin ??= await takes(connection, `select xmin::text ${from}`);
  known.place ??= await takes(
    connection,
    `select tableoid::text, ctid::text, ctid >= '(0,0)'::tid and tableoid = '0'::oid ${from}`,
  );
  return { xmin: known.xmin, place: known.place, plans: known.plans };
}

/** As long as the client lives. */
const tried = new WeakMap<pg.Client, { xmin?: boolean; place?: boolean; plans?: boolean }>();

async function takes(connection: CatalogueConnection, text: string): Promise<boolean> {
  return (await query(connection, statement(text), factLimits)).ok;
}
