import "server-only";
import { z } from "zod";
import { type BrowsedTable, factsLimits } from "#lib/browse/browsed-table.ts";
import type { PagedTable } from "#lib/browse/page-query.ts";
import { type CatalogueConnection, query } from "#lib/session/query.ts";
import type { QueryAnswer } from "#lib/session/query-answer.ts";
import { statement } from "#lib/session/statement.ts";
import type { Editable, NotEditable } from "./shapes.ts";

/** What the server says of changes to a relation. */
export type ChangeFacts = z.output<typeof factsSchema>;

/**
 * Asks a server what may be changed in a relation, in one question. Where it does not know the catalogues that are asked
 * for, everything is taken as allowed: it is the server that refuses then. Throws when the connection is gone.
 */
export async function changeFacts(
  connection: CatalogueConnection,
  table: Pick<BrowsedTable, "oid" | "columns">,
): Promise<QueryAnswer<ChangeFacts>> {
  const answer = await query(connection, statement(factsQuery, table.oid), factsLimits);
  if (answer.ok && typeof answer.value[0]?.[0] === "string")
    return { ok: true, value: factsSchema.parse(JSON.parse(answer.value[0][0])) };
  if (!answer.ok && (answer.trouble.why === "timeout" || answer.trouble.why === "denied")) return answer;
  return { ok: true, value: untold(table) };
}

/** What can be changed, and what not: why. The one place that decides it. */
export function editableOf(table: BrowsedTable, paged: PagedTable, facts: ChangeFacts): Editable {
  const whole = wholeReason(table, facts);
  const isView = table.kind === "view";
  const by = isView ? "named" : paged.key !== null ? "key" : paged.placed ? "place" : null;
  const identity: NotEditable | null =
    by !== null && paged.version !== "none"
      ? null
      : table.key !== null && paged.key === null
        ? "key-unreadable"
        : "no-identity";
  const reasonFor = (event: Event): NotEditable | null => {
    if (whole !== null) return whole;
    if (isView && (facts.events & eventBits[event]) === 0) return "view";
    if (facts.rules.includes(ruleEvents[event])) return "rule";
    if (!facts[event]) return "privilege";
    return event === "insert" ? null : identity;
  };
  const [update, insert, remove] = [reasonFor("update"), reasonFor("insert"), reasonFor("delete")];
  return {
    update,
    insert,
    delete: remove,
    columns: table.columns.map(({ name, generated }, index) => {
      const told = facts.columns[index];
      const own = (allowed: boolean | undefined): NotEditable | null => {
        if (generated === "stored" || generated === "virtual") return "generated";
        if (generated === "identity-always") return "identity-always";
        if (isView && told?.updatable === false) return "view-column";
        return allowed === false ? "privilege" : null;
      };
      return {
        name,
        update: update ?? own(told?.update),
        insert: insert ?? own(told?.insert),
        required: told?.required === true,
      };
    }),
    by: whole === null ? by : null,
    key: paged.key,
    references: facts.references,
    partitionColumns: facts.partitionColumns,
    triggers: facts.triggers,
    rowSecurity: facts.rowSecurity,
  };
}

/** The same for somebody who may not write here at all, or not now. */
export function unlessAllowed(editable: Editable, why: "read-access" | "production-locked" | null): Editable {
  if (why === null) return editable;
  const locked = (own: NotEditable | null): NotEditable => own ?? why;
  return {
    ...editable,
    update: locked(editable.update),
    insert: locked(editable.insert),
    delete: locked(editable.delete),
    columns: editable.columns.map(({ update, insert, ...column }) => ({
      ...column,
      update: locked(update),
      insert: locked(insert),
    })),
  };
}

type Event = "update" | "insert" | "delete";
/** `1 << CmdType`, as pg_relation_is_updatable has it. */
const eventBits: Readonly<Record<Event, number>> = { update: 4, insert: 8, delete: 16 };
/** `pg_rewrite.ev_type`. */
const ruleEvents: Readonly<Record<Event, string>> = { update: "2", insert: "3", delete: "4" };

function wholeReason({ kind, isForeign }: BrowsedTable, facts: ChangeFacts): NotEditable | null {
  if (kind === "materialized-view" || kind === "sequence") return kind;
  if (facts.system) return "catalogue";
  if (kind === "foreign-table" || isForeign) return "foreign-table";
  return facts.readOnly ? "read-only-server" : null;
}

function untold({ columns }: Pick<BrowsedTable, "columns">): ChangeFacts {
  return {
    system: false,
    readOnly: false,
    update: true,
    insert: true,
    delete: true,
    events: 0,
    rules: [],
    hasRules: false,
    columns: columns.map((column) => ({
      update: true,
      insert: true,
      updatable: true,
      required: column.notNull && column.default === null && column.generated === null,
    })),
    references: [],
    partitionColumns: [],
    triggers: [],
    rowSecurity: false,
    deferrable: false,
  };
}

const names = z.array(z.string());

const factsSchema = z.object({
  /** The server's own. */
  system: z.boolean(),
  readOnly: z.boolean(),
  /** Privileges: on one column at least. */
  update: z.boolean(),
  insert: z.boolean(),
  delete: z.boolean(),
  /** What a view passes on to its table, in bits. */
  events: z.number(),
  /** Events that a rule does something else for, instead. */
  rules: names,
  hasRules: z.boolean(),
  columns: z.array(
    z.object({ update: z.boolean(), insert: z.boolean(), updatable: z.boolean(), required: z.boolean() }),
  ),
  references: z.array(
    z.object({ columns: names, schema: z.string(), table: z.string(), foreignColumns: names }),
  ),
  partitionColumns: names,
  /** Of the table and its parts. */
  triggers: names,
  rowSecurity: z.boolean(),
  /** A key of it may be checked later than at once. */
  deferrable: z.boolean(),
});

const namesOf = (relation: string, columns: string) => `
  (select json_agg(a.attname order by spot.place)
     from unnest(${columns}) with ordinality as spot(attnum, place)
     join pg_attribute a on a.attrelid = ${relation} and a.attnum = spot.attnum)`;

/** Columns in the order of `tableFacts`. */
const factsQuery = `
with recursive part as (
  select $1::oid as oid union select i.inhrelid from part join pg_inherits i on i.inhparent = part.oid
)
select json_build_object(
  'system', n.nspname in ('pg_catalog', 'information_schema') or n.nspname like 'pg\\_toast%',
  'readOnly', pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on',
  'update', has_any_column_privilege(c.oid, 'update'),
  'insert', has_any_column_privilege(c.oid, 'insert'),
  'delete', has_table_privilege(c.oid, 'delete'),
  'events', pg_relation_is_updatable(c.oid, false),
  'rules', coalesce((select json_agg(distinct w.ev_type::text) from pg_rewrite w
     where w.ev_class = c.oid and w.is_instead and w.ev_type <> '1' and w.ev_enabled <> 'D'), '[]'),
  'hasRules', exists (select from pg_rewrite w where w.ev_class = c.oid and w.ev_type <> '1'),
  'columns', coalesce((select json_agg(json_build_object(
       'update', has_column_privilege(c.oid, a.attnum, 'update'),
       'insert', has_column_privilege(c.oid, a.attnum, 'insert'),
       'updatable', c.relkind <> 'v' or pg_column_is_updatable(c.oid, a.attnum, false),
       'required', (a.attnotnull or y.typnotnull) and not a.atthasdef and a.attidentity = '' and y.typdefault is null)
       order by a.attnum)
     from pg_attribute a join pg_type y on y.oid = a.atttypid where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]'),
  'references', coalesce((select json_agg(json_build_object(
       'columns', ${namesOf("c.oid", "k.conkey")}, 'schema', m.nspname, 'table', o.relname,
       'foreignColumns', ${namesOf("k.confrelid", "k.confkey")}) order by k.conname)
     from pg_constraint k join pg_class o on o.oid = k.confrelid join pg_namespace m on m.oid = o.relnamespace
    where k.conrelid = c.oid and k.contype = 'f' and (k.conparentid = 0 or c.relispartition)), '[]'),
  'partitionColumns', coalesce((select json_agg(distinct a.attname)
     from part join pg_partitioned_table p on p.partrelid = part.oid
     join pg_attribute a on a.attrelid = p.partrelid and a.attnum = any(p.partattrs)), '[]'),
  'triggers', coalesce((select json_agg(distinct t.tgname) from part join pg_trigger t on t.tgrelid = part.oid
    where not t.tgisinternal and t.tgenabled in ('O', 'A')), '[]'),
  'rowSecurity', row_security_active(c.oid),
  'deferrable', exists (select from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'x') and k.condeferrable)
)::text from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = $1::oid`;
