import "server-only";
import { z } from "zod";
import { type CatalogueConnection, query } from "#lib/session/query.ts";
import type { QueryAnswer } from "#lib/session/query-answer.ts";
import { statement } from "#lib/session/statement.ts";
import { factsLimits } from "./browsed-table.ts";
import type { ResultTable } from "./shapes.ts";
import { tableFacts } from "./table-facts.ts";

/**
 * The relations that columns of a result come from, with what finds their rows. One that is not there any more, or that no
 * page can show, is left out. Throws when the connection is gone.
 * @param oids of a row description (protocol 53.7, RowDescription)
 */
export async function resultTables(
  connection: CatalogueConnection,
  oids: readonly number[],
): Promise<QueryAnswer<readonly ResultTable[]>> {
  const answer = await query(connection, statement(namesQuery, `{${oids.join()}}`), factsLimits);
  if (!answer.ok) return answer;
  const found: ResultTable[] = [];
  for (const named of namesSchema.parse(JSON.parse(answer.value[0]?.[0] ?? "[]"))) {
    const facts = await tableFacts(connection, named.schema, named.name);
    if (!facts.ok) return facts;
    // Meanwhile another one may have got the name.
    if (facts.value === null || Number(facts.value.oid) !== named.oid) continue;
    found.push({ ...named, kind: facts.value.kind, key: facts.value.key });
  }
  return { ok: true, value: found };
}

const namesSchema = z.array(
  z.object({
    oid: z.number(),
    schema: z.string(),
    name: z.string(),
    temporary: z.boolean(),
    columns: z.array(z.object({ number: z.number(), name: z.string() })),
  }),
);

const namesQuery = `
select coalesce(json_agg(json_build_object(
  'oid', c.oid::int8, 'schema', n.nspname, 'name', c.relname, 'temporary', c.relpersistence = 't',
  'columns', coalesce((select json_agg(json_build_object('number', a.attnum, 'name', a.attname) order by a.attnum)
     from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]')) order by c.oid), '[]')::text
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = any($1::oid[])`;
