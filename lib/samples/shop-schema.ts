import "server-only";

/** A small shop with 50 000 orders, and one of every type that a result should show rightly. Rows are the same each time. */
export const shopSchema = `
create type order_state as enum ('open', 'paid', 'sent', 'returned');

create table customer (
  id bigint generated always as identity primary key,
  name text not null,
  email text not null unique,
  country char(2) not null,
  since date not null,
  tags text[] not null
);

create table product (
  id integer generated always as identity primary key,
  sku uuid not null unique,
  name text not null,
  price numeric(10, 2) not null,
  attributes jsonb not null
);

create table "order" (
  id bigint generated always as identity primary key,
  customer_id bigint not null,
  product_id integer not null,
  quantity smallint not null check (quantity > 0),
  total numeric(12, 2) not null,
  state order_state not null,
  note text,
  ordered_at timestamptz not null
);

insert into customer (name, email, country, since, tags)
select first || ' ' || last, lower(first || '.' || last || n || '@example.test'),
  (array['FR', 'TW', 'DE', 'CA', 'US', 'JP'])[1 + n % 6], date '2019-01-01' + n % 2500,
  case when n % 5 = 0 then array['regular', 'newsletter'] when n % 3 = 0 then array['regular'] else '{}' end
from generate_series(1, 2000) as n,
  lateral (select (array['Ada', 'Chloé', '美玲', 'Jürgen', 'Noor', 'Zoë', 'Émile', 'Sofía'])[1 + n % 8] as first,
    (array['Martin', '林', 'Weiß', 'Okafor', 'García', 'Nguyễn', 'Dubois'])[1 + n % 7] as last) as names;

insert into product (sku, name, price, attributes)
select md5('product ' || n)::uuid, (array['Cloak', 'Scarf', 'Hat', 'Gloves', 'Boots'])[1 + n % 5] || ' ' || n,
  9.90 + n * 3.35, jsonb_build_object('colour', (array['black', 'blue', 'green'])[1 + n % 3], 'weight_g', 120 + n * 7)
from generate_series(1, 60) as n;

insert into "order" (customer_id, product_id, quantity, total, state, note, ordered_at)
select 1 + (n * 7919) % 2000, product.id, 1 + n % 4, product.price * (1 + n % 4),
  (array['open', 'paid', 'sent', 'sent', 'returned'])[1 + n % 5]::order_state,
  case when n % 11 = 0 then 'Gift wrap, please' end,
  timestamptz '2024-01-01 08:00:00.123456+00' + n * interval '17 minutes 3.000001 seconds'
from generate_series(1, 50000) as n join product on product.id = 1 + (n * 31) % 60;

-- Afterwards, because checking all rows at once takes a tenth of the time.
alter table "order" add foreign key (customer_id) references customer, add foreign key (product_id) references product;
create index on "order" (customer_id);
create index on "order" (ordered_at);
create view revenue_by_month as
select date_trunc('month', ordered_at at time zone 'UTC')::date as month, sum(total) as revenue, count(*) as orders
from "order" where state <> 'returned' group by 1 order by 1;

grant select, insert, update, delete on all tables in schema public to app;
-- So that there is room for a table of one's own.
grant create on schema public to app;
analyze;
`;
