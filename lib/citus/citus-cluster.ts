import "server-only";
import type pg from "pg";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import { type CatalogueConnection, type QueryLimits, query } from "#lib/session/query.ts";
import type { QueryAnswer, QueryRow } from "#lib/session/query-answer.ts";
import { arrayText, statement } from "#lib/session/statement.ts";
import { serverText } from "#lib/wire/server-text.ts";
import {
  type CitusAsk,
  type CitusNode,
  type CitusReport,
  type CitusTable,
  type CitusTables,
  citusKinds,
  citusPageSize,
} from "./citus-report.ts";

/**
 * Reads a cluster from Citus's own catalogues, each part in a read-only transaction of its own with a time limit: what
 * one part is refused costs no other. What the views `citus_tables` and `citus_shards` read is read directly where
 * that needs no other node; only sizes are asked of all of them, through `citus_shards`, and kept for half a minute.
 *
 * Columns that only some versions have (10 to 13, and older) are read from the row as JSON: an absent one is null.
 * https://docs.citusdata.com/en/stable/develop/api_metadata.html
 * Throws when the connection is gone.
 * @param fresh asks for the sizes anew
 */
export async function citusCluster(
  session: PooledSession,
  ask: CitusAsk,
  fresh = false,
): Promise<CitusReport> {
  const { connection } = session;
  const group = await localGroup(connection);
  const sizes = await sizesOf(connection, fresh);
  return {
    place: group === null ? null : group === 0 ? "coordinator" : "worker",
    nodes: await nodesOf(connection, group, sizes),
    sizes: sizes.ok ? null : sizes.trouble,
    tables: await tablesOf(connection, ask, sizes),
  };
}

/** Sizes are asked of every node, so they get the longest. */
const limits: QueryLimits = { timeoutMs: 8_000, lockTimeoutMs: 2_000, bytes: 8 * 1024 * 1024 };
const sizesFreshMs = 30_000;
const mostNodes = 1_000;
const mostSizes = 50_000;

async function localGroup(connection: CatalogueConnection): Promise<number | null> {
  const answer = await query(
    connection,
    statement("select groupid from pg_catalog.pg_dist_local_group limit 1"),
    limits,
  );
  const group = answer.ok ? answer.value[0]?.[0] : undefined;
  return group === undefined || group === null ? null : Number(group);
}

interface Sizes {
  /** Bytes by the table's OID. */
  readonly tables: ReadonlyMap<string, string>;
  /** Bytes by `name:port`. */
  readonly nodes: ReadonlyMap<string, string>;
}

/** As long as the client lives. */
const keptSizes = new WeakMap<pg.Client, { readonly at: number; readonly sizes: QueryAnswer<Sizes> }>();

async function sizesOf(connection: CatalogueConnection, fresh: boolean): Promise<QueryAnswer<Sizes>> {
  const kept = keptSizes.get(connection.client);
  if (!fresh && kept !== undefined && performance.now() - kept.at < sizesFreshMs) return kept.sizes;
  const answer = await query(connection, statement(sizesText, mostSizes), limits);
  const sizes: QueryAnswer<Sizes> = answer.ok ? { ok: true, value: sorted(answer.value) } : answer;
  keptSizes.set(connection.client, { at: performance.now(), sizes });
  return sizes;
}

const sizesText = `
  select s.table_name::oid::text, s.nodename::text, s.nodeport::text, sum(s.shard_size)::text
    from pg_catalog.citus_shards s
   group by grouping sets ((s.table_name), (s.nodename, s.nodeport))
  having sum(s.shard_size) is not null
   limit $1`;

function sorted(rows: readonly QueryRow[]): Sizes {
  const tables = new Map<string, string>();
  const nodes = new Map<string, string>();
  for (const [table, name, port, bytes] of rows) {
    if (bytes === null || bytes === undefined) continue;
    if (table !== null && table !== undefined) tables.set(table, bytes);
    else nodes.set(`${name}:${port}`, bytes);
  }
  return { tables, nodes };
}

async function nodesOf(
  connection: CatalogueConnection,
  group: number | null,
  sizes: QueryAnswer<Sizes>,
): Promise<QueryAnswer<readonly CitusNode[]>> {
  const answer = await query(connection, statement(nodesText, mostNodes), limits);
  if (!answer.ok) return answer;
  const value = answer.value.map(([json, shards]): CitusNode => {
    const node = JSON.parse(json ?? "{}") as Readonly<Record<string, unknown>>;
    const name = serverText(String(node.nodename ?? ""));
    const port = String(node.nodeport ?? "");
    return {
      name,
      port,
      group: Number(node.groupid),
      role: typeof node.noderole === "string" ? serverText(node.noderole) : null,
      active: flag(node.isactive),
      hasShards: flag(node.shouldhaveshards),
      metadataSynced: flag(node.metadatasynced),
      shards: Number(shards ?? 0),
      size: sizes.ok ? (sizes.value.nodes.get(`${node.nodename}:${port}`) ?? null) : null,
      // A group has one primary; its secondaries answer for the same group.
      here: Number(node.groupid) === group && (node.noderole ?? "primary") === "primary",
    };
  });
  return { ok: true, value };
}

const nodesText = `
  select to_jsonb(n)::text, coalesce(p.shards, 0)::text
    from pg_catalog.pg_dist_node n
    left join (select groupid, count(*) as shards from pg_catalog.pg_dist_placement group by groupid) p
           on p.groupid = n.groupid
   order by n.groupid, n.nodename, n.nodeport
   limit $1`;

function flag(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

async function tablesOf(
  connection: CatalogueConnection,
  { search, kind, sort, page }: CitusAsk,
  sizes: QueryAnswer<Sizes>,
): Promise<QueryAnswer<CitusTables>> {
  // Schemas are distributed from version 12 on; before, the catalogue is not there.
  const schemas = await query(
    connection,
    statement("select colocationid::text from pg_catalog.pg_dist_schema"),
    limits,
  );
  const known = sizes.ok ? [...sizes.value.tables] : [];
  const answer = await query(
    connection,
    statement(
      tablesText,
      arrayText(known.map(([id]) => id)),
      arrayText(known.map(([, bytes]) => bytes)),
      arrayText(schemas.ok ? schemas.value.map(([id]) => id ?? null) : []),
      search.toLowerCase(),
      kind,
      sort,
      citusPageSize,
      page * citusPageSize,
    ),
    limits,
  );
  if (!answer.ok) return answer;
  const [rows, matching, kinds] = answer.value[0] ?? [];
  const found = JSON.parse(rows ?? "[]") as readonly CitusTable[];
  return {
    ok: true,
    value: {
      rows: found.map((table) => ({
        ...table,
        schema: serverText(table.schema),
        name: serverText(table.name),
        distributionColumn: table.distributionColumn === null ? null : serverText(table.distributionColumn),
      })),
      matching: Number(matching ?? 0),
      kinds: Object.fromEntries(
        Object.entries(JSON.parse(kinds ?? "{}") as Record<string, number>).filter(([name]) =>
          (citusKinds as readonly string[]).includes(name),
        ),
      ),
    },
  };
}

/** The kinds are those of `citus_tables` in version 12; the distribution column is the Var in `partkey`. */
const tablesText = `
  with found as (
    select n.nspname as schema, c.relname as name,
           case when p.colocation = any ($3::int4[]) then 'schema'
                when p.partkey is not null then 'distributed'
                when p.repmodel = 't' then 'reference'
                when coalesce(p.colocation, 0) = 0 then 'local'
                else 'single' end as kind,
           a.attname as "distributionColumn", p.colocation,
           coalesce(h.shards, 0) as shards, z.bytes, c.relispartition as "isPartition"
      from (select d.logicalrelid::oid as id, to_jsonb(d) ->> 'partkey' as partkey,
                   (to_jsonb(d) ->> 'colocationid')::int4 as colocation, to_jsonb(d) ->> 'repmodel' as repmodel
              from pg_catalog.pg_dist_partition d) p
      join pg_catalog.pg_class c on c.oid = p.id
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      left join pg_catalog.pg_attribute a
             on a.attrelid = c.oid and a.attnum = substring(p.partkey from ':varattno (\\d+)')::int2
      left join (select logicalrelid::oid as id, count(*) as shards
                   from pg_catalog.pg_dist_shard group by logicalrelid) h on h.id = c.oid
      left join unnest($1::oid[], $2::int8[]) z(id, bytes) on z.id = c.oid
     where not exists (select from pg_catalog.pg_depend e
                        where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid
                          and e.refclassid = 'pg_catalog.pg_extension'::regclass and e.deptype = 'e')),
  wanted as (
    select * from found f
     where (f.kind = $5::text or $5::text = 'all')
       and position($4::text in lower(f.schema || '.' || f.name)) > 0),
  page as (
    select w.*, row_number() over (order by case $6::text when 'size' then w.bytes when 'shards' then w.shards end
                                   desc nulls last, w.schema, w.name) as place
      from wanted w order by place limit $7::int8 offset $8::int8)
  select (select jsonb_agg(jsonb_build_object('schema', schema, 'name', name, 'kind', kind,
                  'distributionColumn', "distributionColumn", 'colocation', colocation, 'shards', shards,
                  'size', bytes::text, 'isPartition', "isPartition") order by place) from page)::text,
         (select count(*) from wanted)::text,
         (select jsonb_object_agg(kind, tables) from (select kind, count(*) as tables from found group by kind) k)::text`;
