/**
 * Catalogues of the same shape as Citus's, as its own upgrade scripts make them, on a plain PostgreSQL: the extension's
 * row, `pg_dist_*`, and the view `citus_shards`. `13` is a cluster of a coordinator and two workers; `10` lacks what
 * came later (distributed schemas); `9` lacks the views, too. Run as superuser.
 */
export function citusShape(
  version: "13" | "10" | "9",
  { group = 0 }: { readonly group?: number } = {},
): string {
  return `
    set allow_system_table_mods = on;
    insert into pg_catalog.pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
      values (77001, 'citus', 10, 11, false, '${{ "13": "13.0-1", "10": "10.2-4", "9": "9.5-1" }[version]}');
    create type pg_catalog.noderole as enum ('primary', 'secondary', 'unavailable');
    create table pg_catalog.pg_dist_node (
      nodeid int primary key, groupid int not null, nodename text not null, nodeport int not null default 5432,
      noderack text not null default 'default', hasmetadata bool not null default false,
      isactive bool not null default true, noderole pg_catalog.noderole not null default 'primary',
      nodecluster name not null default 'default'
      ${version === "9" ? "" : ", metadatasynced bool not null default false, shouldhaveshards bool not null default true"});
    create table pg_catalog.pg_dist_local_group (groupid int primary key);
    create table pg_catalog.pg_dist_partition (
      logicalrelid regclass not null, partmethod "char" not null, partkey text,
      colocationid int not null default 0, repmodel "char" not null default 'c'
      ${version === "13" ? ", autoconverted bool not null default false" : ""});
    create table pg_catalog.pg_dist_shard (
      logicalrelid regclass not null, shardid bigint primary key, shardstorage "char" not null,
      shardminvalue text, shardmaxvalue text);
    create table pg_catalog.pg_dist_placement (
      placementid bigint primary key, shardid bigint not null, shardstate int not null, shardlength bigint not null,
      groupid int not null);
    ${version === "13" ? "create table pg_catalog.pg_dist_schema (schemaid oid primary key, colocationid int not null unique);" : ""}
    insert into pg_catalog.pg_dist_local_group values (${group});
    insert into pg_catalog.pg_dist_node (nodeid, groupid, nodename, isactive, noderole) values
      (1, 0, 'coordinator.internal', true, 'primary'), (2, 1, 'worker-1.internal', true, 'primary'),
      (3, 2, 'worker-2.internal', false, 'primary'), (4, 1, 'worker-1b.internal', true, 'secondary');
    ${version === "9" ? "" : "update pg_catalog.pg_dist_node set shouldhaveshards = groupid > 0, metadatasynced = true;"}
    create schema tenant_a; create schema "Odd ""name""";
    create table public.orders (id bigint, customer_id bigint, note text);
    create table public.customers (customer_id bigint primary key);
    create table public.countries (code text primary key);
    create table public.settings (key text);
    create table public.queue (id bigint);
    create table tenant_a.notes (id bigint);
    create table "Odd ""name"""."drop; --" (key bigint);
    insert into pg_catalog.pg_dist_partition (logicalrelid, partmethod, partkey, colocationid, repmodel) values
      ('public.orders', 'h', ${variable(2)}, 1, 's'), ('public.customers', 'h', ${variable(1)}, 1, 's'),
      ('public.countries', 'n', null, 2, 't'), ('public.settings', 'n', null, 0, 's'),
      ('"Odd ""name"""."drop; --"', 'h', ${variable(1)}, 4, 's')
      ${version === "13" ? ", ('public.queue', 'n', null, 5, 's'), ('tenant_a.notes', 'n', null, 6, 's')" : ""};
    ${version === "13" ? "insert into pg_catalog.pg_dist_schema select 'tenant_a'::regnamespace::oid, 6;" : ""}
    insert into pg_catalog.pg_dist_shard
      select p.logicalrelid, row_number() over () + 102000, 't', null, null
        from pg_catalog.pg_dist_partition p, generate_series(1, 32) s
       where s <= case when p.partkey is null then 1 else 32 end;
    insert into pg_catalog.pg_dist_placement
      select row_number() over (), s.shardid, 1, 0, case when p.repmodel = 't' then g else 1 + s.shardid % 2 end
        from pg_catalog.pg_dist_shard s join pg_catalog.pg_dist_partition p using (logicalrelid),
             generate_series(0, 2) g
       where p.repmodel = 't' or g = 0;
    ${
      version === "9"
        ? ""
        : `create view pg_catalog.citus_shards as
      select s.logicalrelid as table_name, s.shardid, s.logicalrelid::text || '_' || s.shardid as shard_name,
             'distributed'::text as citus_table_type, p.colocationid as colocation_id, n.nodename, n.nodeport,
             case when s.logicalrelid = 'public.settings'::regclass then null
                  when s.logicalrelid = 'public.orders'::regclass then 8388608 else 8192 end::bigint as shard_size
        from pg_catalog.pg_dist_shard s join pg_catalog.pg_dist_placement l on l.shardid = s.shardid
        join pg_catalog.pg_dist_node n on n.groupid = l.groupid and n.noderole = 'primary'
        join pg_catalog.pg_dist_partition p on p.logicalrelid = s.logicalrelid;
      grant select on pg_catalog.citus_shards to public;`
    }
    grant select on pg_catalog.pg_dist_node, pg_catalog.pg_dist_local_group, pg_catalog.pg_dist_partition,
      pg_catalog.pg_dist_shard, pg_catalog.pg_dist_placement ${version === "13" ? ", pg_catalog.pg_dist_schema" : ""} to public;
    reset allow_system_table_mods;`;
}

/** `partkey` as Citus keeps it: the node tree of a Var. */
function variable(column: number): string {
  return `'{VAR :varno 1 :varattno ${column} :vartype 20 :vartypmod -1 :varcollid 0 :varlevelsup 0 :varnosyn 1 :varattnosyn ${column} :location -1}'`;
}
