import "server-only";
import { z } from "zod";
import { type CatalogueConnection, type QueryLimits, query } from "#lib/session/query.ts";
import type { QueryAnswer } from "#lib/session/query-answer.ts";
import { arrayText, statement } from "#lib/session/statement.ts";
import { relationKinds } from "./browsed-table.ts";
import type { FoundRelations, OpenedSchema, Relation, RelationSizes, RelationTree } from "./shapes.ts";

/** Above so many relations in all, or in one schema, the tree lists none by itself: it is searched. */
export const mostListed = 20_000;
const mostFound = 200;

const treeLimits: QueryLimits = { timeoutMs: 30_000, lockTimeoutMs: 2_000, bytes: 32 * 1024 * 1024 };

/**
 * All schemas with their numbers of relations, and what is in the first of the session's search path. Names only: the
 * sizes of 50,000 tables take seconds, their names a tenth of one. Throws when the connection is gone.
 */
export async function relationTree(connection: CatalogueConnection): Promise<QueryAnswer<RelationTree>> {
  const answer = await query(connection, statement(treeQuery), treeLimits);
  const plain = answer.ok ? undefined : await query(connection, statement(plainTreeQuery), treeLimits);
  if (!answer.ok && !plain?.ok) return answer;
  const { schemas, searchPath } = answer.ok
    ? treeSchema.parse(JSON.parse(answer.value[0]?.[0] ?? "{}"))
    : plainTree(plain?.ok ? plain.value : []);
  const total = schemas.reduce((sum, { count }) => sum + count, 0);
  const first = searchPath[0];
  const opened = first === undefined || total > mostListed ? null : await openedSchema(connection, first);
  if (opened?.ok === false) return opened;
  const readAt = new Date().toISOString();
  return { ok: true, value: { schemas, searchPath, opened: opened?.value ?? null, total, readAt } };
}

/** What is in one schema, partitions under their parents. Throws when the connection is gone. */
export async function openedSchema(
  connection: CatalogueConnection,
  schema: string,
): Promise<QueryAnswer<OpenedSchema>> {
  const most = mostListed + 1;
  const told = await query(connection, statement(schemaQuery, schema, most), treeLimits);
  const plain = told.ok
    ? told
    : await query(connection, statement(plainSchemaQuery, schema, most), treeLimits);
  const answer = plain.ok ? plain : told;
  if (!answer.ok) return answer;
  const relations = answer.value.slice(0, mostListed).map(relationOf);
  return { ok: true, value: { schema, relations, capped: answer.value.length > mostListed } };
}

/** Relations whose name, or `schema.name`, has a text in it: those that begin with it first, then the shorter ones. */
export async function foundRelations(
  connection: CatalogueConnection,
  search: string,
): Promise<QueryAnswer<FoundRelations>> {
  const pattern = search.replace(/[\\%_]/g, "\\$&");
  const answer = await query(connection, statement(searchQuery, pattern, mostFound + 1), treeLimits);
  if (!answer.ok) return answer;
  const found = answer.value.slice(0, mostFound).map((row) => ({ ...relationOf(row), schema: row[4] ?? "" }));
  return { ok: true, value: { found, capped: answer.value.length > mostFound } };
}

/**
 * What some relations take on the disk, indexes and long values too: of those in sight, since the sizes of all take seconds.
 * A table that is locked is not waited for. Throws when the connection is gone.
 */
export async function relationSizes(
  connection: CatalogueConnection,
  asked: readonly (readonly [string, string])[],
): Promise<QueryAnswer<RelationSizes>> {
  const schemas = arrayText(asked.map(([schema]) => schema));
  const names = arrayText(asked.map(([, name]) => name));
  const answer = await query(connection, statement(sizesQuery, schemas, names), sizeLimits);
  if (!answer.ok) return answer;
  const sizes = answer.value.map(([schema, name, bytes]) => ({
    schema: schema ?? "",
    name: name ?? "",
    bytes: Number(bytes ?? 0),
  }));
  return { ok: true, value: { sizes } };
}

const sizeLimits: QueryLimits = { timeoutMs: 5_000, lockTimeoutMs: 250, bytes: 1024 * 1024 };

/** Of a partitioned table, its partitions together; a view and a sequence say nothing by theirs. */
const sizesQuery = `
select n.nspname, c.relname,
       case when c.relkind <> 'p' then pg_total_relation_size(c.oid) else (
         with recursive part as (
           select i.inhrelid from pg_inherits i where i.inhparent = c.oid
           union all select i.inhrelid from part join pg_inherits i on i.inhparent = part.inhrelid
         ) select coalesce(sum(pg_total_relation_size(part.inhrelid)), 0) from part) end
  from unnest($1::text[], $2::text[]) as asked(schema, name)
  join pg_namespace n on n.nspname = asked.schema
  join pg_class c on c.relnamespace = n.oid and c.relname = asked.name
 where c.relkind in ('r', 'p', 'm')`;

function relationOf(row: readonly (string | null)[]): Relation {
  const [kind, name, readable, partitions] = row;
  return {
    kind: relationKinds[kind ?? ""] ?? "table",
    name: name ?? "",
    readable: readable === "t",
    ...(kind === "p" ? { partitions: Number(partitions ?? 0) } : {}),
  };
}

/** Of a server that knows only the oldest catalogues. */
function plainTree(rows: readonly (readonly (string | null)[])[]): z.output<typeof treeSchema> {
  const schemas = rows.map(([name, count]) => ({
    name: name ?? "",
    count: Number(count),
    system: /^(pg_|information_schema$)/.test(name ?? ""),
  }));
  return { schemas, searchPath: schemas.some(({ name }) => name === "public") ? ["public"] : [] };
}

const treeSchema = z.object({
  schemas: z.array(z.object({ name: z.string(), count: z.number(), system: z.boolean() })),
  searchPath: z.array(z.string()),
});

/**
 * The search path of the session, although this question has one of its own: as the session began with it. On a session
 * of the console's own nothing has set another.
 */
const treeQuery = `
with path as (
  select m.place, case when p.name = '"$user"' or p.name = '$user' then current_user::text
                       when p.name like '"%"' then replace(substr(p.name, 2, length(p.name) - 2), '""', '"')
                       else lower(p.name) end as name
    from (select reset_val from pg_settings where name = 'search_path') s,
         regexp_matches(s.reset_val, '("(?:[^"]|"")*"|[^,"\\s]+)', 'g') with ordinality as m(found, place),
         lateral (select m.found[1] as name) p
), schema as (
  select n.oid, n.nspname,
         n.nspname in ('pg_catalog', 'information_schema', 'pg_toast')
           or n.nspname like 'pg\\_temp\\_%' or n.nspname like 'pg\\_toast\\_temp\\_%' as system
    from pg_namespace n
), counted as (
  select c.relnamespace, count(*) as count from pg_class c
   where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and not c.relispartition group by c.relnamespace
)
select json_build_object(
  'schemas', coalesce((
    select json_agg(json_build_object('name', s.nspname, 'count', coalesce(c.count, 0), 'system', s.system)
                    order by s.system, s.nspname)
      from schema s left join counted c on c.relnamespace = s.oid
     where s.nspname not like 'pg\\_toast%' and (s.nspname not like 'pg\\_temp\\_%' or s.oid = pg_my_temp_schema())), '[]'),
  'searchPath', coalesce((
    select json_agg(p.name order by p.place) from path p
     where exists (select from schema s where s.nspname = p.name and has_schema_privilege(s.oid, 'usage'))), '[]'))`;

/** Partitions of all depths; only partitioned tables are asked. */
const listed = `c.relkind, c.relname, has_table_privilege(c.oid, 'select'),
       case when c.relkind = 'p' then (
         with recursive part as (
           select i.inhrelid from pg_inherits i where i.inhparent = c.oid
           union all select i.inhrelid from part join pg_inherits i on i.inhparent = part.inhrelid
         ) select count(*) from part) end`;

const schemaQuery = `
select ${listed}
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and not c.relispartition
 order by c.relname limit $2::int`;

const searchQuery = `
select ${listed}, c.nspname from (
  select c.oid, c.relkind, c.relname, n.nspname
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and n.nspname not like 'pg\\_toast%'
     and (c.relname ilike '%' || $1 || '%' or n.nspname || '.' || c.relname ilike '%' || $1 || '%')
   order by n.nspname in ('pg_catalog', 'information_schema'), c.relname ilike $1 desc, c.relname ilike $1 || '%' desc,
            length(c.relname), c.relname, n.nspname
   limit $2::int) c`;

const plainTreeQuery = `
select n.nspname, count(c.oid)
  from pg_namespace n left join pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
 group by n.nspname order by n.nspname`;

const plainSchemaQuery = `
select c.relkind, c.relname, 't', null
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
 order by c.relname limit $2::int`;
