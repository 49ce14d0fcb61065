import "server-only";

/** Tables that `manyTables` makes, and rows of `large.event`. */
export const largeNumbers = { tables: 50_000, rows: 1_000_000 } as const;

/** One table of a million rows, with and without an index on what it may be sorted by. */
export const millionRows = `
create schema large;
create table large.event (
  id bigint primary key,
  happened_at timestamptz not null,
  kind text not null,
  amount numeric(10, 2) not null,
  note text,
  payload jsonb not null
);
insert into large.event
select n, timestamptz '2020-01-01' + n * interval '3 minutes', (array['click', 'view', 'buy', 'leave'])[1 + n % 4],
  (n::bigint * 7919 % 100000) / 100.0, case when n % 3 = 0 then 'note ' || n * 31 % 5000 end, jsonb_build_object('n', n, 'of', 'visitor ' || n % 40000)
from generate_series(1, ${largeNumbers.rows}) as n;
create index on large.event (amount, id);
create index on large.event (note, id);
create table large.heap as select happened_at, kind, amount from large.event;
grant usage on schema large to app;
grant select, insert, update, delete on all tables in schema large to app;
analyze large.event, large.heap;
`;

/**
 * Tables to search among. Committed in parts, since each holds a lock until then; one statement by itself, since a block
 * may only commit outside of a transaction.
 */
export const manyTables = `
do $$ begin
  create schema crowd;
  grant usage on schema crowd to app;
  commit;
  for n in 1 .. ${largeNumbers.tables} loop
    execute format('create table crowd.%I (id int, name text)', 'table_' || lpad(n::text, 5, '0')
      || (array['_invoice', '_customer', '_audit', '_queue'])[1 + n % 4]);
    if n % 500 = 0 then commit; end if;
  end loop;
end $$
`;
