/** What the console has for a command of psql that somebody types. */
export type PsqlAnswer =
  /** The same asked of the server, in SQL; `values` are of its parameters. */
  | {
      readonly does: "run";
      readonly sql: string;
      readonly values: readonly string[];
      readonly shown?: ShownElsewhere;
    }
  /** Something to do or to know: `says` names the words for it. */
  | { readonly does: "say"; readonly says: PsqlWords; readonly stops: boolean };

/** Where the console shows the same: the table that the result's first row names, or the tree, searched. */
export type ShownElsewhere = { readonly in: "table" } | { readonly in: "tree"; readonly text: string };

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
 * Reads a line that begins with a backslash, as psql does: its name, `+` aside, and what follows. With `S`, or with a
 * pattern, a list holds what is the system's as well.
 * @param line the whole of it, as `\d+ orders`
 */
export function psqlCommand(line: string): PsqlAnswer {
  // Of the command alone: the S at the end of a name belongs to the name.
  const plain = line.replace(/^(\\[A-Za-z_]+?)S(?=\+?(?:\s|;|$))/, "$1");
  const found = /^\\([A-Za-z_]+|[?!;])?([+S]*)\s*(.*?)\s*;?\s*$/s.exec(plain);
  const name = found?.[1] ?? "";
  const argument = found?.[3] ?? "";
  const isWhole = plain !== line || (found?.[2] ?? "").includes("S");
  const named = argument.match(words) ?? [];
  const areNames = named.length > 0 && !/[*?]/.test(argument.replaceAll(/"[^"]*"/g, ""));
  if (name === "d" && areNames)
    return { does: "run", sql: columnsQuery(named.length), values: named, shown: { in: "table" } };
  const list = Object.hasOwn(lists, name) ? lists[name] : listOfKinds(name);
  if (list !== undefined) return listed(list, list.takesTypes === true ? named.slice(0, 1) : named, isWhole);
  const says = (Object.hasOwn(wordsFor, name) ? wordsFor[name] : undefined) ?? "unknown";
  return { does: "say", says, stops: !harmless.has(says) };
}

/** White space parts them, but in double quotes. */
const words = /(?:"[^"]*"?|[^\s"])+/g;

/** What a script can go on after: nothing in it depends on them. */
const harmless = new Set<PsqlWords>(["always-timed", "expanded", "help", "null", "output"]);

/** psql takes one pattern and warns of a second: here all that is named is listed. */
function listed(
  { sql, whole = withSystem(sql), names, alsoNamed, inTree }: List,
  named: readonly string[],
  isWhole: boolean,
): PsqlAnswer {
  const wanted = names.length === 0 ? [] : named.map(psqlPattern);
  const values: string[] = [];
  const conditions = wanted.map(({ patterns }) => {
    // Of a list without schemas, the last part is what is meant.
    const meant = patterns.slice(-names.length);
    const columns = names.slice(-meant.length);
    const each = columns.map((column, index) => {
      const value = `$${values.length + index + 1}`;
      const isLast = index === columns.length - 1;
      return isLast && alsoNamed !== undefined
        ? `(found.${column} ~ ${value} or found.${alsoNamed} ~ ${value})`
        : `found.${column} ~ ${value}`;
    });
    values.push(...meant);
    return each.join(" and ");
  });
  return {
    does: "run",
    sql:
      conditions.length > 0
        ? `select * from (${whole}) as found where ${conditions.join(" or ")} order by 1, 2`
        : isWhole
          ? withSystem(sql)
          : sql,
    values,
    ...(inTree && { shown: { in: "tree", text: wanted[0]?.literal ?? "" } }),
  };
}

/**
 * A pattern of psql's as regular expressions of the server, `schema.name` as two of them
 * (https://www.postgresql.org/docs/18/app-psql.html#APP-PSQL-PATTERNS). `literal`: of its signs those that a search by
 * text can look for.
 */
function psqlPattern(text: string): { readonly patterns: readonly string[]; readonly literal: string } {
  const parts = [{ pattern: "", literal: "" }];
  let isQuoted = false;
  const signs = [...text];
  for (let at = 0; at < signs.length; at += 1) {
    const sign = signs[at] ?? "";
    const part = parts.at(-1);
    if (part === undefined) break;
    // Doubled, it is one sign of the name in quotes.
    const isDoubled = isQuoted && sign === '"' && signs[at + 1] === '"';
    if (isDoubled) at += 1;
    if (sign === '"' && !isDoubled) isQuoted = !isQuoted;
    else if (isQuoted) {
      part.pattern += sign.replace(/[|*+?()[\]{}.^$\\]/, "\\$&");
      part.literal += sign;
    } else if (sign === ".") parts.push({ pattern: "", literal: "" });
    else if (sign === "*" || sign === "?") {
      part.pattern += sign === "*" ? ".*" : ".";
      part.literal += "*";
    } else {
      part.pattern += sign === "$" ? "\\$" : sign.toLowerCase();
      part.literal += sign.toLowerCase();
    }
  }
  const names = parts.map(({ literal }) =>
    literal.split("*").reduce((best, piece) => (piece.length > best.length ? piece : best), ""),
  );
  return {
    patterns: parts.slice(-2).map(({ pattern }) => `^(${pattern})$`),
    literal: names.filter((name) => name !== "").join("."),
  };
}

/** With its schema and name, of which the console has a page: of one relation after another. */
function columnsQuery(count: number): string {
  const named = Array.from({ length: count }, (_, index) => `($${index + 1}::regclass, ${index + 1})`).join(
    ", ",
  );
  return `select n.nspname as schema, c.relname as name, a.attname as column, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as not_null, pg_get_expr(d.adbin, d.adrelid) as default from (values ${named}) as named (relation, place) join pg_class c on c.oid = named.relation join pg_namespace n on n.oid = c.relnamespace left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum order by named.place, a.attnum`;
}

interface List {
  readonly sql: string;
  /** Asked instead with a pattern: then nothing is left out. */
  readonly whole?: string;
  /** The columns that a pattern is about, the schema first. */
  readonly names: readonly string[];
  /** The last of them goes by this one, too: `int4`, and a type's name alone where its schema is written before it. */
  readonly alsoNamed?: string;
  /** The tree shows them as well. */
  readonly inTree?: boolean;
  /** What follows the first pattern are types of arguments. */
  readonly takesTypes?: boolean;
}

const inSchemas = ["schema", "name"] as const;

function relations(kinds: string): List {
  return { sql: relationsQuery(kinds), names: inSchemas, inTree: !/i/i.test(kinds) };
}

/** `\\dtv`: several kinds at once. */
function listOfKinds(name: string): List | undefined {
  if (!/^d[Eimstv]{2,6}$/.test(name)) return undefined;
  return relations([...new Set(name.slice(1))].map((letter) => kindsOf[letter]).join(", "));
}

const kindsOf: Readonly<Record<string, string>> = {
  E: "'f'",
  i: "'i', 'I'",
  m: "'m'",
  s: "'S'",
  t: "'r', 'p'",
  v: "'v'",
};

function relationsQuery(kinds: string): string {
  return `select n.nspname as schema, c.relname as name, case c.relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' when 'S' then 'sequence' when 'I' then 'partitioned index' else 'index' end as kind, pg_get_userbyid(c.relowner) as owner from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in (${kinds}) and n.nspname ${hidden} and n.nspname not like 'pg\\_toast%' order by 1, 2`;
}

const hidden = "not in ('pg_catalog', 'information_schema')";
const temporary = "nspname not like 'pg\\_%'";

/** The same list with what is the system's. */
function withSystem(sql: string): string {
  return sql.replace(`n.nspname ${hidden}`, "true").replace(`nspname ${hidden} and ${temporary}`, "true");
}

/** The catalogue, as it stands in every version that the console speaks with. */
const lists: Readonly<Record<string, List>> = {
  d: relations("'r', 'p', 'v', 'm', 'f', 'S'"),
  dE: relations("'f'"),
  di: relations("'i', 'I'"),
  dm: relations("'m'"),
  dn: {
    sql: `select nspname as schema, pg_get_userbyid(nspowner) as owner from pg_namespace where nspname ${hidden} and ${temporary} order by 1`,
    names: ["schema"],
    inTree: true,
  },
  ds: relations("'S'"),
  dt: relations("'r', 'p'"),
  dv: relations("'v'"),
  conninfo: {
    sql: "select current_database() as database, current_user as user, inet_server_addr() as address, inet_server_port() as port, current_setting('server_version') as version",
    names: [],
  },
  db: {
    sql: "select spcname as tablespace, pg_get_userbyid(spcowner) as owner from pg_tablespace order by 1",
    names: ["tablespace"],
  },
  dconfig: {
    sql: "select name, setting, unit, source from pg_settings where source not in ('default', 'override') order by name",
    whole: "select name, setting, unit, source from pg_settings",
    names: ["name"],
  },
  df: {
    sql: `select n.nspname as schema, p.proname as name, pg_get_function_result(p.oid) as result, pg_get_function_arguments(p.oid) as arguments from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname ${hidden} order by 1, 2`,
    names: inSchemas,
    takesTypes: true,
  },
  dg: { sql: rolesQuery(), names: ["role"] },
  dp: { sql: privilegesQuery(), names: inSchemas },
  dT: {
    sql: `select n.nspname as schema, format_type(t.oid, null) as name, t.typname as internal_name, obj_description(t.oid, 'pg_type') as description from pg_type t join pg_namespace n on n.oid = t.typnamespace where not exists (select 1 from pg_type e where e.oid = t.typelem and e.typarray = t.oid) and (t.typrelid = 0 or exists (select 1 from pg_class c where c.oid = t.typrelid and c.relkind = 'c')) and n.nspname ${hidden} order by 1, 2`,
    names: inSchemas,
    alsoNamed: "internal_name",
  },
  du: { sql: rolesQuery(), names: ["role"] },
  dx: {
    sql: "select e.extname as name, e.extversion as version, n.nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace order by 1",
    names: ["name"],
  },
  encoding: {
    sql: "select current_setting('server_encoding') as server, current_setting('client_encoding') as client",
    names: [],
  },
  l: {
    sql: "select datname as name, pg_get_userbyid(datdba) as owner, pg_encoding_to_char(encoding) as encoding, datcollate as collate from pg_database order by 1",
    names: ["name"],
  },
  list: {
    sql: "select datname as name, pg_get_userbyid(datdba) as owner, pg_encoding_to_char(encoding) as encoding, datcollate as collate from pg_database order by 1",
    names: ["name"],
  },
  z: { sql: privilegesQuery(), names: inSchemas },
};

function rolesQuery(): string {
  return "select rolname as role, rolcanlogin as login, rolsuper as superuser, rolcreatedb as createdb, rolcreaterole as createrole, rolreplication as replication from pg_roles order by 1";
}

function privilegesQuery(): string {
  return `select n.nspname as schema, c.relname as name, c.relacl as privileges from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and n.nspname ${hidden} order by 1, 2`;
}

const wordsFor: Readonly<Record<string, PsqlWords>> = {
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
