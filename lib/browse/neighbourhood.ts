import "server-only";
import { z } from "zod";
import { type CatalogueConnection, query } from "#lib/session/query.ts";
import type { QueryAnswer } from "#lib/session/query-answer.ts";
import { statement } from "#lib/session/statement.ts";
import { type BrowsedTable, factsLimits, relationKinds } from "./browsed-table.ts";
import type { RelationKind } from "./shapes.ts";

/** A table, and those that foreign keys lead to and come from. */
export interface Neighbourhood {
  /** The table itself first, then the nearest. */
  readonly tables: readonly NearTable[];
  /** Between tables that are here. */
  readonly references: readonly NearReference[];
  /** There are more tables as near as asked for. */
  readonly more: boolean;
}

export interface NearTable {
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
  /** How many references lie between it and the table. */
  readonly steps: number;
  /** Its keys and references, and the first of the others. */
  readonly columns: readonly NearColumn[];
  readonly moreColumns: number;
}

export interface NearColumn {
  readonly name: string;
  readonly type: string;
  readonly key: boolean;
  readonly reference: boolean;
  readonly nullable: boolean;
}

export interface NearReference {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly columns: readonly string[];
  readonly foreignColumns: readonly string[];
}

/** So many can be taken in, and laid out at once. */
export const mostNearTables = 60;
/** Columns of a table that are neither keys nor references. */
const mostOtherColumns = 8;

/**
 * Asks the catalogue in one question. Of partitioned tables the reference stands at the parent, once.
 * Throws when the connection is gone.
 * @param steps how many references away a table may lie: 1 or 2
 */
export async function neighbourhood(
  connection: CatalogueConnection,
  table: Pick<BrowsedTable, "oid">,
  steps: 1 | 2,
  most = mostNearTables,
): Promise<QueryAnswer<Neighbourhood>> {
  const asked = statement(nearQuery, table.oid, String(steps), String(most + 1), String(mostOtherColumns));
  const answer = await query(connection, asked, factsLimits);
  if (!answer.ok) return answer;
  const { tables, references } = nearSchema.parse(JSON.parse(answer.value[0]?.[0] ?? "{}"));
  const kept = tables.slice(0, most);
  const ids = new Set(kept.map(({ id }) => id));
  const between = references.filter(({ from, to }) => ids.has(from) && ids.has(to));
  return { ok: true, value: { tables: kept, references: between, more: tables.length > most } };
}

const texts = z.array(z.string());

const nearSchema = z.object({
  tables: z.array(
    z.object({
      id: z.string(),
      schema: z.string(),
      name: z.string(),
      kind: z.string().transform((kind) => relationKinds[kind] ?? "table"),
      steps: z.int(),
      columns: z.array(
        z.object({
          name: z.string(),
          type: z.string(),
          key: z.boolean(),
          reference: z.boolean(),
          nullable: z.boolean(),
        }),
      ),
      moreColumns: z.int(),
    }),
  ),
  references: z.array(
    z.object({ name: z.string(), from: z.string(), to: z.string(), columns: texts, foreignColumns: texts }),
  ),
});

const namesOf = (relation: string, columns: string) => `
  coalesce((select json_agg(a.attname order by spot.place)
              from unnest(${columns}) with ordinality as spot(attnum, place)
              join pg_attribute a on a.attrelid = ${relation} and a.attnum = spot.attnum), '[]')`;

const nextTo = (before: string) => `
  select k.confrelid as oid from fk k where k.conrelid in (select oid from ${before})
  union select k.conrelid from fk k where k.confrelid in (select oid from ${before})`;

const nearQuery = `
with fk as materialized (
  select oid, conname, conrelid, confrelid, conkey, confkey from pg_constraint where contype = 'f' and conparentid = 0
), here as (select $1::oid as oid), first as (${nextTo("here")}), second as (
  select oid from (${nextTo("first")}) as step where $2::int > 1
), near as (
  select c.oid, n.nspname, c.relname, c.relkind, min(step.steps) as steps
    from (select oid, 0 as steps from here union all select oid, 1 from first union all select oid, 2 from second) as step
    join pg_class c on c.oid = step.oid join pg_namespace n on n.oid = c.relnamespace
   group by c.oid, n.nspname, c.relname, c.relkind order by min(step.steps), n.nspname, c.relname limit $3::int
), col as (
  select a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
         exists (select from pg_constraint p where p.conrelid = a.attrelid and p.contype = 'p' and a.attnum = any(p.conkey)) as key,
         exists (select from fk where fk.conrelid = a.attrelid and a.attnum = any(fk.conkey)) as reference
    from pg_attribute a where a.attrelid in (select oid from near) and a.attnum > 0 and not a.attisdropped
), ranked as (
  select col.*, row_number() over (partition by attrelid, key or reference order by attnum) as place from col
), shown as (select * from ranked where key or reference or place <= $4::int)
select json_build_object(
  'tables', coalesce((select json_agg(json_build_object(
      'id', near.oid::text, 'schema', near.nspname, 'name', near.relname, 'kind', near.relkind, 'steps', near.steps,
      'columns', coalesce((select json_agg(json_build_object('name', s.attname, 'type', s.type, 'key', s.key,
                              'reference', s.reference, 'nullable', s.nullable) order by s.attnum)
                             from shown s where s.attrelid = near.oid), '[]'),
      'moreColumns', (select count(*) from col where col.attrelid = near.oid)
                     - (select count(*) from shown where shown.attrelid = near.oid)
    ) order by near.steps, near.nspname, near.relname) from near), '[]'),
  'references', coalesce((select json_agg(json_build_object(
      'name', k.conname, 'from', k.conrelid::text, 'to', k.confrelid::text,
      'columns', ${namesOf("k.conrelid", "k.conkey")}, 'foreignColumns', ${namesOf("k.confrelid", "k.confkey")}
    ) order by k.conname, k.oid) from fk k
     where k.conrelid in (select oid from near) and k.confrelid in (select oid from near)), '[]')
)`;
