import "server-only";
import { type CatalogueConnection, query } from "#lib/session/query.ts";
import type { QueryAnswer } from "#lib/session/query-answer.ts";
import { statement } from "#lib/session/statement.ts";
import { type BrowsedTable, factsLimits } from "./browsed-table.ts";
import { definitionFacts } from "./definition-facts.ts";
import { definitionSql } from "./definition-sql.ts";
import { detailSchema } from "./detail-schema.ts";
import type { TableDetail, TableFacts } from "./shapes.ts";

/** The structure of a relation, beyond its columns. */
export type Structure = Omit<TableDetail, keyof TableFacts>;

/**
 * The structure of a relation: keys, indexes with their size and use, references both ways, triggers,
 * policies, partitions, privileges, and the statement that would make it again. Throws when the connection is gone.
 */
export async function tableDetail(
  connection: CatalogueConnection,
  table: BrowsedTable,
): Promise<QueryAnswer<Structure>> {
  const answer = await query(connection, statement(detailQuery, table.oid), factsLimits);
  if (!answer.ok) return answer;
  const found = detailSchema.parse(JSON.parse(answer.value[0]?.[0] ?? "{}"));
  const { view, unlogged, options, inherits, server, ...structure } = found;
  const indexes = structure.indexes.map(({ isOfKey, ...index }) => index);
  const more = await definitionFacts(connection, table.oid);
  return { ok: true, value: { ...structure, indexes, sql: definitionSql(table, found, more) } };
}

const namesOf = (relation: string, columns: string) => `
  coalesce((select json_agg(a.attname order by spot.place)
              from unnest(${columns}) with ordinality as spot(attnum, place)
              join pg_attribute a on a.attrelid = ${relation} and a.attnum = spot.attnum), '[]')`;

const listOf = (row: string, from: string) => `coalesce((select json_agg(${row}) ${from}), '[]')`;

const referenceRow = (there: string, columns: string, foreignColumns: string) => `json_build_object(
  'name', k.conname,
  'columns', ${namesOf("r.oid", columns)},
  'schema', n.nspname, 'table', o.relname,
  'foreignColumns', ${namesOf(there, foreignColumns)},
  'definition', pg_get_constraintdef(k.oid)) order by k.conname`;

/** Partitions of all depths, of the table and of its indexes. */
const detailQuery = `
with recursive part as (
  select $1::oid as oid union select i.inhrelid from part join pg_inherits i on i.inhparent = part.oid
), index_part as (
  select i.indexrelid as top, i.indexrelid as oid from pg_index i where i.indrelid = $1::oid
  union select p.top, i.inhrelid from index_part p join pg_inherits i on i.inhparent = p.oid
)
select json_build_object(
  'keys', ${listOf(
    `json_build_object('name', k.conname, 'kind', k.contype, 'columns', ${namesOf("r.oid", "k.conkey")},
       'definition', pg_get_constraintdef(k.oid)) order by position(k.contype::text in 'puxcn'), k.conname`,
    "from pg_constraint k where k.conrelid = r.oid and k.contype in ('p', 'u', 'x', 'c', 'n')",
  )},
  'indexes', ${listOf(
    `json_build_object('name', c.relname, 'definition', pg_get_indexdef(c.oid),
       'bytes', (select coalesce(sum(pg_relation_size(p.oid)), 0)::text from index_part p where p.top = c.oid),
       'scans', case when c.relkind = 'I'
          then (select sum(s.idx_scan)::text from index_part p join pg_stat_all_indexes s on s.indexrelid = p.oid
                 where p.top = c.oid)
          else (select s.idx_scan::text from pg_stat_all_indexes s where s.indexrelid = c.oid) end,
       'valid', i.indisvalid,
       'isOfKey', exists (select from pg_constraint k where k.conindid = c.oid and k.conrelid = r.oid
                            and k.contype in ('p', 'u', 'x'))) order by c.relname`,
    "from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = r.oid",
  )},
  'references', ${listOf(
    referenceRow("k.confrelid", "k.conkey", "k.confkey"),
    `from pg_constraint k join pg_class o on o.oid = k.confrelid join pg_namespace n on n.oid = o.relnamespace
      where k.conrelid = r.oid and k.contype = 'f'`,
  )},
  'referencedBy', ${listOf(
    referenceRow("k.conrelid", "k.confkey", "k.conkey"),
    `from pg_constraint k join pg_class o on o.oid = k.conrelid join pg_namespace n on n.oid = o.relnamespace
      where k.confrelid = r.oid and k.contype = 'f' and k.conparentid = 0`,
  )},
  'triggers', ${listOf(
    "json_build_object('name', t.tgname, 'definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled <> 'D') order by t.tgname",
    "from pg_trigger t where t.tgrelid = r.oid and not t.tgisinternal",
  )},
  'policies', ${listOf(
    `json_build_object('name', p.polname, 'definition',
       'create policy ' || quote_ident(p.polname) || ' on ' || quote_ident(r.nspname) || '.' || quote_ident(r.relname)
       || case when p.polpermissive then '' else ' as restrictive' end
       || ' for ' || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
                                   when 'd' then 'delete' else 'all' end
       || ' to ' || (select string_agg(case when o = 0 then 'public' else quote_ident(pg_get_userbyid(o)) end, ', ')
                       from unnest(p.polroles) o)
       || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
       || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')) order by p.polname`,
    "from pg_policy p where p.polrelid = r.oid",
  )},
  'rowSecurityOn', r.relrowsecurity,
  'rowSecurity', row_security_active(r.oid),
  'partitions', ${listOf(
    "json_build_object('schema', n.nspname, 'name', c.relname, 'bound', pg_get_expr(c.relpartbound, c.oid)) order by n.nspname, c.relname",
    `from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace
      where i.inhparent = r.oid and c.relispartition`,
  )},
  'partitionKey', case when r.relkind = 'p' then pg_get_partkeydef(r.oid) end,
  'privileges', ${listOf(
    "json_build_object('grantee', g.grantee, 'privileges', g.privileges) order by g.grantee",
    `from (select case when e.grantee = 0 then 'public' else pg_get_userbyid(e.grantee)::text end as grantee,
                  json_agg(e.privilege_type || case when e.is_grantable then ' with grant option' else '' end
                           order by e.privilege_type) as privileges
             from aclexplode(coalesce(r.relacl, acldefault(case when r.relkind = 'S' then 's'::"char" else 'r'::"char" end,
                                                           r.relowner))) e
            group by e.grantee) g`,
  )},
  'bytes', case when r.relkind in ('r', 'm', 't', 'p') then (
    select json_build_object('table', coalesce(sum(pg_table_size(p.oid) - coalesce(pg_total_relation_size(c.reltoastrelid), 0)), 0)::text,
                             'indexes', coalesce(sum(pg_indexes_size(p.oid)), 0)::text,
                             'toast', coalesce(sum(pg_total_relation_size(nullif(c.reltoastrelid, 0))), 0)::text)
      from part p join pg_class c on c.oid = p.oid where c.relkind in ('r', 'm', 't')) end,
  'view', case when r.relkind in ('v', 'm') then pg_get_viewdef(r.oid) end,
  'unlogged', r.relpersistence = 'u',
  'options', to_json(r.reloptions),
  'inherits', (select json_agg(quote_ident(n.nspname) || '.' || quote_ident(c.relname) order by i.inhseqno)
                 from pg_inherits i join pg_class c on c.oid = i.inhparent join pg_namespace n on n.oid = c.relnamespace
                where i.inhrelid = r.oid and not r.relispartition),
  'server', (select quote_ident(s.srvname) from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver
              where f.ftrelid = r.oid)
) from (select c.*, n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = $1::oid) r`;
