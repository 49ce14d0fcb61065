/** What the console has for a command of psql that somebody types. */
export type PsqlAnswer =
  /** The same asked of the server, in SQL; `values` are of its parameters. */
  | { readonly does: "run"; readonly sql: string; readonly values: readonly string[] }
  /** Something to do or to know: `says` names the words for it. */
  | { readonly does: "say"; readonly says: PsqlWords; readonly stops: boolean };

export type PsqlWords =
  | "always-timed"
  | "connect"
  | "copy"
  | "edit"
  | "expanded"
  | "file"
  | "help"
  | "history"
  | "null"
  | "output"
  | "password"
  | "quit"
  | "run"
  | "shell"
  | "transaction"
  | "unknown"
  | "variable"
  | "watch";

/**
 * Reads a line that begins with a backslash, as psql does: its name, `+` and `S` aside, and what follows.
 * @param line the whole of it, as `\d+ orders`
 */
export function psqlCommand(line: string): PsqlAnswer {
  const found = /^\\([A-Za-z_]+|[?!;])?([+S]*)\s*(.*?)\s*;?\s*$/s.exec(line.replace(/S(?=\+?(?:\s|$))/, ""));
  const name = found?.[1] ?? "";
  const argument = found?.[3] ?? "";
  if (name === "d" && argument !== "") return { does: "run", sql: columnsQuery, values: [argument] };
  const sql = Object.hasOwn(lists, name) ? lists[name] : undefined;
  if (sql !== undefined) return { does: "run", sql, values: [] };
  const says = (Object.hasOwn(words, name) ? words[name] : undefined) ?? "unknown";
  return { does: "say", says, stops: !harmless.has(says) };
}

/** What a script can go on after: nothing in it depends on them. */
const harmless = new Set<PsqlWords>(["always-timed", "expanded", "help", "null", "output"]);

const columnsQuery =
  "select a.attname as column, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as not_null, pg_get_expr(d.adbin, d.adrelid) as default from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum";

function relationsQuery(kinds: string): string {
  return `select n.nspname as schema, c.relname as name, case c.relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' when 'S' then 'sequence' when 'I' then 'partitioned index' else 'index' end as kind, pg_get_userbyid(c.relowner) as owner from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in (${kinds}) and n.nspname ${hidden} and n.nspname not like 'pg\\_toast%' order by 1, 2`;
}

const hidden = "not in ('pg_catalog', 'information_schema')";

/** The catalogue, as it stands in every version that the console speaks with. */
const lists: Readonly<Record<string, string>> = {
  d: relationsQuery("'r', 'p', 'v', 'm', 'f', 'S'"),
  dE: relationsQuery("'f'"),
  di: relationsQuery("'i', 'I'"),
  dm: relationsQuery("'m'"),
  dn: `select nspname as schema, pg_get_userbyid(nspowner) as owner from pg_namespace where nspname ${hidden} and nspname not like 'pg\\_%' order by 1`,
  ds: relationsQuery("'S'"),
  dt: relationsQuery("'r', 'p'"),
  dv: relationsQuery("'v'"),
  conninfo:
    "select current_database() as database, current_user as user, inet_server_addr() as address, inet_server_port() as port, current_setting('server_version') as version",
  db: "select spcname as tablespace, pg_get_userbyid(spcowner) as owner from pg_tablespace order by 1",
  dconfig:
    "select name, setting, unit, source from pg_settings where source not in ('default', 'override') order by name",
  df: `select n.nspname as schema, p.proname as name, pg_get_function_result(p.oid) as result, pg_get_function_arguments(p.oid) as arguments from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname ${hidden} order by 1, 2`,
  dg: rolesQuery(),
  dp: privilegesQuery(),
  dT: `select n.nspname as schema, format_type(t.oid, null) as name, obj_description(t.oid, 'pg_type') as description from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype in ('c', 'd', 'e', 'r', 'm') and (t.typrelid = 0 or exists (select 1 from pg_class c where c.oid = t.typrelid and c.relkind = 'c')) and n.nspname ${hidden} order by 1, 2`,
  du: rolesQuery(),
  dx: "select e.extname as name, e.extversion as version, n.nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace order by 1",
  encoding:
    "select current_setting('server_encoding') as server, current_setting('client_encoding') as client",
  l: "select datname as name, pg_get_userbyid(datdba) as owner, pg_encoding_to_char(encoding) as encoding, datcollate as collate from pg_database order by 1",
  list: "select datname as name, pg_get_userbyid(datdba) as owner, pg_encoding_to_char(encoding) as encoding, datcollate as collate from pg_database order by 1",
  z: privilegesQuery(),
};

function rolesQuery(): string {
  return "select rolname as role, rolcanlogin as login, rolsuper as superuser, rolcreatedb as createdb, rolcreaterole as createrole, rolreplication as replication from pg_roles order by 1";
}

function privilegesQuery(): string {
  return `select n.nspname as schema, c.relname as name, c.relacl as privileges from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and n.nspname ${hidden} order by 1, 2`;
}

const words: Readonly<Record<string, PsqlWords>> = {
  "!": "shell",
  "?": "help",
  a: "output",
  c: "connect",
  connect: "connect",
  copy: "copy",
  crosstabview: "output",
  e: "edit",
  echo: "output",
  edit: "edit",
  ef: "edit",
  ev: "edit",
  g: "run",
  gdesc: "run",
  gexec: "run",
  gset: "variable",
  gx: "run",
  h: "help",
  help: "help",
  i: "file",
  include: "file",
  ir: "file",
  o: "output",
  out: "output",
  p: "edit",
  password: "password",
  pset: "null",
  q: "quit",
  qecho: "output",
  quit: "quit",
  r: "edit",
  reset: "edit",
  s: "history",
  set: "variable",
  t: "output",
  timing: "always-timed",
  unset: "variable",
  w: "file",
  warn: "output",
  watch: "watch",
  write: "file",
  x: "expanded",
};
