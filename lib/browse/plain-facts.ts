import "server-only";
import { type CatalogueConnection, query } from "#lib/session/query.ts";
import type { QueryAnswer } from "#lib/session/query-answer.ts";
import { statement } from "#lib/session/statement.ts";
import { type BrowsedColumn, type BrowsedTable, factsLimits, relationKinds } from "./browsed-table.ts";

/**
 * What a relation is where the server knows only the oldest of PostgreSQL's catalogues: columns, their types, the primary
 * key where it is told. The rest is taken as not there. Throws when the connection is gone.
 * @returns null in `value` where there is no such relation
 */
export async function plainFacts(
  connection: CatalogueConnection,
  schema: string,
  table: string,
): Promise<QueryAnswer<BrowsedTable | null>> {
  const answer = await query(connection, statement(columnsQuery, schema, table), factsLimits);
  if (!answer.ok) return answer;
  const first = answer.value[0];
  if (first === undefined) return { ok: true, value: null };
  const found = await query(connection, statement(keyQuery, schema, table), factsLimits);
  const key = found.ok && found.value.length > 0 ? found.value.map(([name]) => name ?? "") : null;
  return {
    ok: true,
    value: {
      schema,
      name: table,
      kind: relationKinds[first[1] ?? ""] ?? "table",
      comment: null,
      oid: first[0] ?? "0",
      readable: true,
      isForeign: false,
      hasParts: false,
      estimate: null,
      key,
      columns: answer.value.map(([, , name, type, cast, notNull]) =>
        columnOf(name ?? "", type ?? "text", cast ?? "text", notNull === "t"),
      ),
    },
  };
}

function columnOf(name: string, type: string, cast: string, notNull: boolean): BrowsedColumn {
  const isText = /^(text|character varying)$/.test(cast);
  return {
    name,
    type,
    fullType: type,
    cast,
    numeric: /^(smallint|integer|bigint|real|double precision|numeric|money|oid)$/.test(cast),
    isText,
    long: cast === "bytea" ? "bytes" : isText || /^jsonb?$|\[\]$/.test(cast) ? "text" : "no",
    notNull,
    default: null,
    generated: null,
    comment: null,
    labels: null,
    readable: true,
    operatorSchema: null,
  };
}

const columnsQuery = `
select c.oid, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), format_type(a.atttypid, -1), a.attnotnull
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid
 where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped
   and c.relkind in ('r', 'p', 'v', 'm', 'f')
 order by a.attnum`;

/** Only one that the server says it checks: where keys are a remark, pages by them would lose rows. */
const keyQuery = `
select a.attname
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_index i on i.indrelid = c.oid
  join generate_series(0, 31) as k(place) on true
  join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[k.place] and a.attnotnull
 where n.nspname = $1 and c.relname = $2 and i.indisprimary and i.indisunique and i.indisvalid
 order by k.place`;
