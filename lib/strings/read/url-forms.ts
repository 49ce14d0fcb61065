import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { StringNote } from "#lib/strings/libpq/libpq-parameters.ts";
import { isUri, readUriBy } from "#lib/strings/libpq/uri.ts";
import type { RawConnection } from "./raw-connection.ts";
import { asSwitch, clientDefault, modeInAnyCase, type TlsDraft, takeMeaning } from "./tls-words.ts";
import { isPrisma, readPrismaTls, readUrlTls } from "./url-tls.ts";

/** Whether a text begins as a database URL of any client does, PostgreSQL's or not. */
export function isUrl(text: string): boolean {
  return isUri(text) || /^(?:jdbc|r2dbc):[a-z]/i.test(text) || /^[a-z][a-z0-9+.-]{0,40}:\/\//i.test(text);
}

/**
 * Whether a text is an address as a cloud's page shows it to be copied: a full host name or an IPv4 address, perhaps
 * with port and database.
 */
export function isEndpoint(text: string): boolean {
  if (text.length > 400) return false;
  const host = /^((?:[a-z0-9-]{1,63}\.){1,10}[a-z0-9-]{1,63})(?::\d{1,5})?(?:\/[\w-]*)?$/i.exec(text)?.[1];
  return host !== undefined && (/[a-z-]$/i.test(host) || /^(?:\d{1,3}\.){3}\d{1,3}$/.test(host));
}

/** Reads an address that stands alone. */
export function readEndpoint(text: string): Result<RawConnection> {
  const read = readUriBy(urlRules, `postgres://${text}`);
  return read.ok ? ok({ form: "endpoint", ...draftOf(read.value) }) : read;
}

/** Reads a URL of any client for PostgreSQL. */
export function readUrl(text: string): Result<RawConnection> {
  if (/^(?:jdbc|r2dbc):/i.test(text)) return readJdbc(text);
  const scheme = /^([a-z][a-z0-9]*)(\+[a-z0-9_.]+)?:\/\//i.exec(text);
  const base = scheme?.[1]?.toLowerCase() ?? "";
  if (scheme === null || !bases.has(base))
    return failed(problem("string-unknown-form", { looksLike: "other-scheme" }));
  if (/^\+ssh$/i.test(scheme[2] ?? "")) return throughTunnel(text.slice(scheme[0].length));
  const rest = `postgres://${text.slice(scheme[0].length)}`;
  return scheme[2] === undefined ? readPlain(rest) : readSqlAlchemy(rest, scheme[2].slice(1).toLowerCase());
}

/** `postgis` is Django's and Rails', `pgsql` PHP's. */
const bases: ReadonlySet<string> = new Set([
  "postgres",
  "postgresql",
  "postgis",
  "pgsql",
  "cockroachdb",
  "pg",
]);

const urlRules = { sslIsMode: false, plusIsBlank: false, looseQuery: false, wary: true };

function readPlain(text: string): Result<RawConnection> {
  const prismaLike = /[?&](?:sslaccept|sslidentity|connection_limit|pool_timeout|pgbouncer)=/.test(text);
  const read = readUriBy({ ...urlRules, looseQuery: prismaLike }, text);
  if (!read.ok) return read;
  const draft = draftOf(read.value);
  const prisma = isPrisma(draft.parameters);
  const withoutMode = prisma ? readPrismaTls(draft) : readUrlTls(draft);
  return ok({ form: prisma ? "prisma" : "uri", ...draft, ...(withoutMode && { withoutMode }) });
}

/** TablePlus and its like: who and where the tunnel ends, a slash, then the database's own URL. */
function throughTunnel(text: string): Result<RawConnection> {
  const slash = text.indexOf("/");
  const read = readPlain(`postgres://${slash < 0 ? "" : text.slice(slash + 1)}`);
  if (!read.ok) return read;
  return ok({ ...read.value, notes: [...(read.value.notes ?? []), { id: "ssh-tunnel" }] });
}

/** SQLAlchemy hands the query to the driver: psycopg's are libpq's words, asyncpg has `ssl`, pg8000 `ssl_context`. */
function readSqlAlchemy(text: string, driver: string): Result<RawConnection> {
  const read = readUriBy({ sslIsMode: false, plusIsBlank: true, looseQuery: true, wary: true }, text);
  if (!read.ok) return read;
  const draft = draftOf(read.value);
  const form = "sqlalchemy" as const;
  if (driver !== "asyncpg") {
    readUrlTls(draft);
    return ok({ form, ...draft });
  }
  rename(draft.parameters, { timeout: "connect_timeout" });
  const ssl = draft.parameters.get("ssl");
  const mode = modeInAnyCase(ssl ?? "");
  if (ssl !== undefined && !draft.parameters.has("sslmode")) {
    draft.parameters.delete("ssl");
    if (mode !== undefined) takeMeaning(draft, "asyncpg", `ssl=${mode}`, mode, mode);
    else if (asSwitch(ssl) === true) takeMeaning(draft, "asyncpg", "ssl=True", "verify-full", "other-words");
    else if (asSwitch(ssl) === false) takeMeaning(draft, "asyncpg", "ssl=False", "disable", "other-words");
    else draft.parameters.set("ssl", ssl);
  } else readUrlTls(draft);
  return ok({ form, ...draft, withoutMode: clientDefault("asyncpg", "prefer") });
}

/** pgJDBC (`jdbc:postgresql:`) and R2DBC, whose words are the same. */
function readJdbc(text: string): Result<RawConnection> {
  const head = /^(?:jdbc:(?:aws-wrapper:)?|r2dbc:(?:pool:)?)postgres(?:ql)?:(\/\/)?/i.exec(text);
  if (head === null) return failed(problem("string-unknown-form", { looksLike: "other-scheme" }));
  const rest = text.slice(head[0].length).replace(/^(\/\/)?/, "");
  const uri = `postgres://${head[1] === undefined ? "/" : ""}${rest}`;
  const read = readUriBy({ sslIsMode: false, plusIsBlank: true, looseQuery: true, wary: true }, uri);
  if (!read.ok) return read;
  return ok({ form: "jdbc", ...readJdbcProperties(read.value) });
}

/**
 * pgJDBC's properties in libpq's words (`PGProperty`, `SslMode.of`, `LibPQFactory`).
 * @param properties as a URL, DBeaver or code names them
 */
export function readJdbcProperties(
  properties: ReadonlyMap<string, string>,
): Pick<RawConnection, "parameters" | "change" | "notes" | "withoutMode"> {
  const draft = draftOf(
    new Map([...properties].map(([name, value]) => [jdbcNames[name.toLowerCase()] ?? name, value])),
  );
  const { parameters } = draft;
  const take = (name: string) => {
    const value = parameters.get(name);
    parameters.delete(name);
    return value;
  };
  const ssl = take("ssl");
  const factory = take("sslfactory");
  const word = take("sslmode");
  const mode = modeInAnyCase(word ?? "");
  // `?ssl` alone and `ssl=` count as true.
  const on = ssl !== undefined && (ssl === "" || asSwitch(ssl) === true);
  if (factory !== undefined && /NonValidatingFactory$/.test(factory) && mode !== "disable" && (on || mode)) {
    takeMeaning(draft, "pgJDBC", "sslfactory=…NonValidatingFactory", "unchecked", "other-words");
  } else if (mode !== undefined) {
    parameters.set("sslmode", mode);
    // libpq checks the chain in require where a root is given; pgJDBC does not, and the form follows libpq.
    if (mode === "require" && parameters.has("sslrootcert")) {
      draft.notes.push({ id: "client-skips-root", facts: { client: "pgJDBC" } });
    }
  } else if (word !== undefined) parameters.set("sslmode", word);
  else if (on) takeMeaning(draft, "pgJDBC", "ssl=true", "verify-full", "require");
  else if (ssl !== undefined && asSwitch(ssl) === false) draft.notes.push(clientDefault("pgJDBC", "prefer"));
  if (factory !== undefined && /DefaultJavaSSLFactory$/.test(factory)) {
    // Java's own list of public authorities is nearest to the system's.
    if (!parameters.has("sslrootcert")) draft.change.trust = "system";
  } else if (factory !== undefined && !/NonValidatingFactory$|LibPQFactory$/.test(factory)) {
    // Which roots another factory trusts is not in the text.
    parameters.set("sslfactory", factory);
  }
  const withoutMode = clientDefault("pgJDBC", "prefer");
  return { ...draft, withoutMode };
}

const jdbcNames: Readonly<Record<string, string>> = {
  sslmode: "sslmode",
  ssl: "ssl",
  sslfactory: "sslfactory",
  sslrootcert: "sslrootcert",
  sslcert: "sslcert",
  sslkey: "sslkey",
  sslpassword: "sslpassword",
  sslnegotiation: "sslnegotiation",
  channelbinding: "channel_binding",
  applicationname: "application_name",
  connecttimeout: "connect_timeout",
  logintimeout: "connect_timeout",
  user: "user",
  username: "user",
  password: "password",
  options: "options",
  pghost: "host",
  pgport: "port",
  pgdbname: "dbname",
};

function draftOf(parameters: ReadonlyMap<string, string>): TlsDraft {
  return { parameters: new Map(parameters), change: {}, notes: [] as StringNote[] };
}

function rename(parameters: Map<string, string>, names: Readonly<Record<string, string>>): void {
  for (const [from, to] of Object.entries(names)) {
    const value = parameters.get(from);
    if (value === undefined) continue;
    parameters.delete(from);
    parameters.set(to, value);
  }
}
