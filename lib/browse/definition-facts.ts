import "server-only";
import { z } from "zod";
import { type CatalogueConnection, query } from "#lib/session/query.ts";
import { statement } from "#lib/session/statement.ts";
import { factsLimits } from "./browsed-table.ts";

/**
 * What a definition needs beyond the structure that is shown. Asked apart: a relative of PostgreSQL that does not know
 * all of it still tells the structure.
 * @returns undefined where the server does not tell; throws when the connection is gone
 */
export async function definitionFacts(
  connection: CatalogueConnection,
  oid: string,
): Promise<DefinitionFacts | undefined> {
  const answer = await query(connection, statement(factsQuery, oid), factsLimits);
  return answer.ok ? schema.parse(JSON.parse(answer.value[0]?.[0] ?? "{}")) : undefined;
}

export type DefinitionFacts = z.output<typeof schema>;
export type SequenceFacts = z.output<typeof sequence>;

const texts = z.array(z.string());

const sequence = z.object({
  type: z.string(),
  start: z.string(),
  increment: z.string(),
  min: z.string(),
  max: z.string(),
  cache: z.string(),
  cycle: z.boolean(),
});

const schema = z.object({
  /** Whether row-level security is on, whoever asks; and for the owner, too. */
  rowSecurity: z.boolean(),
  forced: z.boolean(),
  /** `pg_class.relreplident`, and the index that it names. */
  replica: z.string(),
  replicaIndex: z.string().nullable(),
  /** Options of its TOAST table and of its foreign table. */
  toastOptions: texts.nullable(),
  foreignOptions: texts.nullable(),
  rules: texts,
  statistics: texts,
  /** Triggers and rules that fire otherwise than usually: `D` never, `R` on a replica, `A` always. */
  firing: z.array(z.object({ kind: z.string(), name: z.string(), when: z.string() })),
  /** Triggers and foreign keys of a partition that come with its parent. */
  inherited: texts,
  partitionOf: z.object({ parent: z.string(), bound: z.string() }).nullable(),
  columns: z.array(
    z.object({
      name: z.string(),
      /** Each where it is not what its type brings. */
      collation: z.string().nullable(),
      storage: z.string().nullable(),
      compression: z.string().nullable(),
      statistics: z.string().nullable(),
      options: texts.nullable(),
      foreignOptions: texts.nullable(),
      /** Of an identity, or of a default that is the column's own. */
      sequence: sequence.extend({ name: z.string(), isIdentity: z.boolean() }).nullable(),
    }),
  ),
  /** Of a sequence itself. */
  sequence: sequence.nullable(),
  /** Of what belongs to it, without the relation's name where that follows. */
  comments: z.array(z.object({ on: z.string(), isPart: z.boolean(), text: z.string() })),
});

const sequenceRow = (more: string) => `json_build_object(
  'type', format_type(s.seqtypid, null), 'start', s.seqstart::text, 'increment', s.seqincrement::text,
  'min', s.seqmin::text, 'max', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle${more})`;

const optionsOf = (options: string) =>
  `(select json_agg(quote_ident(option_name) || ' ' || quote_literal(option_value)) from pg_options_to_table(${options}))`;

const commentsOf = (on: string, from: string, catalogue: string, isPart = true) =>
  `select ${on} as said, ${isPart} as part, d.description
     from ${from} join pg_description d on d.classoid = '${catalogue}'::regclass and d.objoid = x.oid and d.objsubid = 0`;

/** What not every version has is read from the row as a whole: then it is NULL. */
const factsQuery = `
select json_build_object(
  'rowSecurity', r.relrowsecurity,
  'forced', r.relforcerowsecurity,
  'replica', case when r.relkind in ('r', 'p') then r.relreplident else 'd' end,
  'replicaIndex', (select quote_ident(c.relname) from pg_index i join pg_class c on c.oid = i.indexrelid
                    where i.indrelid = r.oid and i.indisreplident),
  'toastOptions', (select to_json(t.reloptions) from pg_class t where t.oid = r.reltoastrelid),
  'foreignOptions', (select ${optionsOf("f.ftoptions")} from pg_foreign_table f where f.ftrelid = r.oid),
  'rules', coalesce((select json_agg(pg_get_ruledef(x.oid) order by x.rulename) from pg_rewrite x
                      where x.ev_class = r.oid and x.rulename <> '_RETURN'), '[]'),
  'statistics', coalesce((select json_agg(pg_get_statisticsobjdef(x.oid) order by x.stxname) from pg_statistic_ext x
                           where x.stxrelid = r.oid), '[]'),
  'firing', coalesce((select json_agg(json_build_object('kind', o.kind, 'name', quote_ident(o.name), 'when', o.fires)) from (
      select 'trigger' as kind, x.tgname as name, x.tgenabled as fires from pg_trigger x
       where x.tgrelid = r.oid and not x.tgisinternal and x.tgenabled <> 'O'
      union all
      select 'rule', x.rulename, x.ev_enabled from pg_rewrite x
       where x.ev_class = r.oid and x.rulename <> '_RETURN' and x.ev_enabled <> 'O') o), '[]'),
  'inherited', coalesce((select json_agg(o.name) from (
      select x.tgname::text as name from pg_trigger x
       where x.tgrelid = r.oid and coalesce(row_to_json(x)->>'tgparentid', '0') <> '0'
      union all
      select x.conname::text from pg_constraint x
       where x.conrelid = r.oid and x.contype = 'f' and x.conparentid <> 0) o), '[]'),
  'partitionOf', (select json_build_object('parent', quote_ident(n.nspname) || '.' || quote_ident(c.relname),
                                           'bound', pg_get_expr(r.relpartbound, r.oid))
                    from pg_inherits i join pg_class c on c.oid = i.inhparent join pg_namespace n on n.oid = c.relnamespace
                   where i.inhrelid = r.oid and r.relispartition),
  'columns', coalesce((select json_agg(json_build_object(
      'name', a.attname,
      'collation', (select quote_ident(n.nspname) || '.' || quote_ident(l.collname)
                      from pg_collation l join pg_namespace n on n.oid = l.collnamespace
                     where l.oid = a.attcollation and a.attcollation <> t.typcollation),
      'storage', case when a.attstorage <> t.typstorage then
        case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end end,
      'compression', case row_to_json(a)->>'attcompression' when 'p' then 'pglz' when 'l' then 'lz4' end,
      'statistics', case when a.attstattarget >= 0 then a.attstattarget::text end,
      'options', to_json(a.attoptions),
      'foreignOptions', ${optionsOf("a.attfdwoptions")},
      'sequence', (select ${sequenceRow(`, 'name', quote_ident(n.nspname) || '.' || quote_ident(c.relname), 'isIdentity', d.deptype = 'i'`)}
                     from pg_depend d join pg_class c on c.oid = d.objid and c.relkind = 'S'
                     join pg_namespace n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid
                    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
                      and d.refobjid = r.oid and d.refobjsubid = a.attnum and d.deptype in ('a', 'i') limit 1)
    ) order by a.attnum)
    from pg_attribute a join pg_type t on t.oid = a.atttypid
   where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p', 'f')), '[]'),
  'sequence', (select ${sequenceRow("")} from pg_sequence s where s.seqrelid = r.oid),
  'comments', coalesce((select json_agg(json_build_object('on', o.said, 'isPart', o.part, 'text', o.description) order by o.said)
    from (
      ${[
        commentsOf(
          "'constraint ' || quote_ident(x.conname)",
          "(select * from pg_constraint where conrelid = r.oid) x",
          "pg_constraint",
        ),
        commentsOf(
          "'trigger ' || quote_ident(x.tgname)",
          "(select * from pg_trigger where tgrelid = r.oid) x",
          "pg_trigger",
        ),
        commentsOf(
          "'policy ' || quote_ident(x.polname)",
          "(select * from pg_policy where polrelid = r.oid) x",
          "pg_policy",
        ),
        commentsOf(
          "'rule ' || quote_ident(x.rulename)",
          "(select * from pg_rewrite where ev_class = r.oid) x",
          "pg_rewrite",
        ),
        commentsOf(
          "'index ' || quote_ident(r.nspname) || '.' || quote_ident(x.relname)",
          "(select c.* from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = r.oid) x",
          "pg_class",
          false,
        ),
      ].join("\n      union all ")}) o), '[]')
) from (select c.*, n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = $1::oid) r`;
