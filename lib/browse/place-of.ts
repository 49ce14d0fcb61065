import "server-only";
import type { OrderColumn } from "./page-query.ts";
import type { Reading } from "./reading.ts";
import type { Value } from "./shapes.ts";
import { bound, plain, sql } from "./sql-text.ts";

/**
 * Which share of a table's rows comes before a value, as its statistics have it: most common values one by one, the rest
 * by the bounds of its histogram (https://www.postgresql.org/docs/18/view-pg-stats.html). Asked last: a server without
 * them refuses it, and its transaction with it.
 * @returns null where the server does not tell
 */
export async function placeOf(
  reading: Reading,
  { schema, name }: { readonly schema: string; readonly name: string },
  { column, cast, descending }: OrderColumn,
  value: Value,
): Promise<number | null> {
  const type = plain(cast);
  const answer = await reading.ask(sql`
    with s as (
      select null_frac, most_common_freqs as freqs, most_common_vals::text::${type}[] as vals,
             histogram_bounds::text::${type}[] as bounds
        from pg_catalog.pg_stats
       where schemaname = ${bound(schema)} and tablename = ${bound(name)} and attname = ${bound(column)}
       order by inherited desc limit 1
    ), v as (select ${bound(value)}::${type} as value)
    select null_frac,
           coalesce((select sum(f) from unnest(vals, freqs) as m(v, f) where m.v < value), 0),
           coalesce((select sum(f) from unnest(freqs) as f), 0),
           (select count(*) from unnest(bounds) as b where b <= value),
           coalesce(cardinality(bounds), 0)
      from s, v`);
  if (!answer.ok) return null;
  const row = answer.value.rows[0];
  if (row === undefined) return null;
  const [nulls = 0, commonBelow = 0, common = 0, boundsBelow = 0, bounds = 0] = row.map(Number);
  if (value === null) return descending ? 0 : 1 - nulls;
  const within = bounds < 2 ? 0 : Math.min(1, Math.max(0, (boundsBelow - 0.5) / (bounds - 1)));
  const below = commonBelow + Math.max(0, 1 - nulls - common) * within;
  return Math.min(1, Math.max(0, descending ? 1 - below : below));
}
