import "server-only";
import type pg from "pg";
import { z } from "zod";
import { type CatalogueConnection, query } from "#lib/session/query.ts";
import type { QueryAnswer } from "#lib/session/query-answer.ts";
import { statement } from "#lib/session/statement.ts";
import { type BrowsedTable, factsLimits, relationKinds } from "./browsed-table.ts";
import { plainFacts } from "./plain-facts.ts";

/**
 * What a relation is, in one question. Indexed sorts need its key, casts its types, so it is asked before every page:
 * half a millisecond, and never stale.
 *
 * The key is the primary one, else the shortest unique index that is valid, complete and checked at once, over columns
 * that are never NULL, compared as `ORDER BY` compares them. A table with children by inheritance has none: an index
 * does not reach into them.
 * @returns null in `value` where there is no such relation
 */
export async function tableFacts(
  connection: CatalogueConnection,
  schema: string,
  table: string,
): Promise<QueryAnswer<BrowsedTable | null>> {
  if (isPlain.has(connection.client)) return plainFacts(connection, schema, table);
  const answer = await query(connection, statement(factsQuery, schema, table), factsLimits);
  if (!answer.ok) {
    if (answer.trouble.why === "timeout" || answer.trouble.why === "denied") return answer;
    const plain = await plainFacts(connection, schema, table);
    if (!plain.ok) return answer;
    isPlain.add(connection.client);
    return plain;
  }
  const text = answer.value[0]?.[0] ?? null;
  if (text === null) return { ok: true, value: null };
  const { estimate, ...facts } = factsSchema.parse(JSON.parse(text));
  return { ok: true, value: { ...facts, estimate: estimate === null ? null : Number(estimate) } };
}

/** Clients whose server does not know all that is asked: it is asked the less from then on. */
const isPlain = new WeakSet<pg.Client>();

const generatedKinds = {
  s: "stored",
  v: "virtual",
  a: "identity-always",
  d: "identity-default",
} as const;

const factsSchema = z.object({
  oid: z.string(),
  schema: z.string(),
  name: z.string(),
  kind: z.string().transform((kind) => relationKinds[kind] ?? "table"),
  comment: z.string().nullable(),
  readable: z.boolean(),
  isForeign: z.boolean(),
  hasParts: z.boolean(),
  /** A bigint, as text. */
  estimate: z.string().nullable(),
  key: z.array(z.string()).nullable(),
  columns: z
    .array(
      z.object({
        name: z.string(),
        type: z.string(),
        fullType: z.string(),
        cast: z.string(),
        numeric: z.boolean(),
        isText: z.boolean(),
        long: z.enum(["no", "text", "bytes"]),
        notNull: z.boolean(),
        default: z.string().nullable(),
        generated: z
          .enum(["s", "v", "a", "d"])
          .nullable()
          .transform((kind) => (kind === null ? null : generatedKinds[kind])),
        comment: z.string().nullable(),
        labels: z.array(z.string()).nullable(),
        readable: z.boolean(),
        operatorSchema: z.string().nullable(),
      }),
    )
    .nullable()
    .transform((columns) => columns ?? []),
});

/**
 * Long are values that may be long and whose cast to text writes what the server itself would send: not `char(n)`, which
 * loses its blanks, nor `inet`, which gains a mask. The type of a column is told without its schema where that is the
 * table's own.
 */
const factsQuery = `
with recursive relation as (
  select c.oid, c.relkind, n.nspname, c.relname, n.oid as nspoid,
         has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') as readable
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 't', 'p', 'v', 'm', 'f', 'S')
), part as (
  select oid from relation
  union select i.inhrelid from part join pg_inherits i on i.inhparent = part.oid
), leaf as (
  select c.* from part join pg_class c on c.oid = part.oid where c.relkind <> 'p'
), key as (
  select i.indrelid, i.indisprimary, i.indnkeyatts, i.indexrelid, json_agg(a.attname order by k.place) as columns
    from relation join pg_index i on i.indrelid = relation.oid,
         unnest(i.indkey::int2[]) with ordinality as k(attnum, place),
         pg_attribute a, pg_opclass o
   where i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null
     and k.place <= i.indnkeyatts
     and a.attrelid = relation.oid and a.attnum = k.attnum and o.oid = i.indclass[k.place - 1]
     and not (relation.relkind = 'r' and exists (select from pg_inherits h where h.inhparent = relation.oid))
   group by i.indrelid, i.indisprimary, i.indnkeyatts, i.indexrelid
  having bool_and(a.attnotnull and o.opcdefault and (i.indcollation[k.place - 1] in (0, a.attcollation)
         or exists (select from pg_collation l where l.oid = a.attcollation and l.collisdeterministic)))
   order by i.indisprimary desc, i.indnkeyatts, i.indexrelid
   limit 1
)
select json_build_object(
  'oid', r.oid::text,
  'schema', r.nspname,
  'name', r.relname,
  'kind', r.relkind,
  'comment', obj_description(r.oid, 'pg_class'),
  'readable', r.readable,
  'isForeign', exists (select from leaf where relkind = 'f'),
  'hasParts', (select count(*) > 1 from part),
  'estimate', case when r.relkind in ('r', 't', 'p', 'm', 'f') then
    (select case when bool_or(reltuples < 0 or (reltuples = 0 and relpages = 0 and relkind <> 'f'
              and pg_relation_size(oid) > 0)) then null else coalesce(sum(reltuples), 0)::int8::text end from leaf) end,
  'key', (select columns from key),
  'columns', (
    select json_agg(json_build_object(
      'name', a.attname,
      'type', case when t.typnamespace = r.nspoid and left(f.written, length(f.own)) = f.own
                   then substr(f.written, length(f.own) + 1) else f.written end,
      'fullType', f.written,
      'cast', format_type(b.oid, -1),
      'numeric', b.typcategory = 'N',
      'isText', b.typcategory = 'S',
      'long', case when b.oid = 17 then 'bytes'
                   when b.typlen = -1 and b.typcategory <> 'N' and not exists (
                     select from pg_cast c where c.castsource = b.oid and c.casttarget = 25 and c.castmethod = 'f')
                   then 'text' else 'no' end,
      'notNull', a.attnotnull,
      'default', pg_get_expr(d.adbin, d.adrelid),
      'generated', coalesce(nullif(a.attgenerated, ''), nullif(a.attidentity, '')),
      'comment', col_description(r.oid, a.attnum),
      'labels', case when b.typtype = 'e' then
        (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = b.oid) end,
      'readable', has_schema_privilege(r.nspoid, 'usage') and has_column_privilege(r.oid, a.attnum, 'select'),
      'operatorSchema', (
        select n.nspname from pg_opclass o join pg_namespace n on n.oid = o.opcnamespace
         where o.opcintype = b.oid and o.opcdefault and n.nspname <> 'pg_catalog' limit 1)
    ) order by a.attnum)
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    join pg_type b on b.oid = case when t.typtype <> 'd' then t.oid else (
      with recursive beneath as (
        select t.oid as type, t.typtype, t.typbasetype
        union all select u.oid, u.typtype, u.typbasetype from beneath join pg_type u on u.oid = beneath.typbasetype
         where beneath.typtype = 'd'
      ) select type from beneath where typtype <> 'd') end
    cross join lateral (
      select format_type(a.atttypid, a.atttypmod) as written, quote_ident(r.nspname) || '.' as own) f
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  )
) from relation r`;
