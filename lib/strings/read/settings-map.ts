import type { Result } from "#lib/problems/result.ts";
import { libpqVariableNames } from "#lib/strings/libpq/libpq-variable-names.ts";
import { readJson } from "#lib/yaml/read-json.ts";
import {
  contentsAmong,
  type NamedContent,
  rejectsUnauthorized,
  sortedMaterial,
  withMaterial,
} from "./material.ts";
import { parameterNamed } from "./parameter-names.ts";
import type { RawConnection, StringForm } from "./raw-connection.ts";
import { asSwitch, type TlsDraft, takeMeaning, takeStronger } from "./tls-words.ts";
import { isUrl, readUrl } from "./url-forms.ts";
import { readKeywordTls } from "./url-tls.ts";

/** A connection found among named settings. */
export interface Found {
  readonly name: string;
  readonly read: Result<RawConnection>;
}

/**
 * Finds connections among named settings, as environments, secrets and configuration files hold them: variables with
 * a URL, libpq's `PG*`, and groups that share a prefix (`DB_HOST`, `DB_PORT`, …).
 * @param bare whether settings without any prefix (`host`, `username`) are one connection
 */
export function connectionsAmong(
  given: ReadonlyMap<string, string>,
  form: StringForm,
  bare = false,
): readonly Found[] {
  const contents = contentsAmong(given);
  const settings = withoutContents(given, contents);
  const found: Found[] = [];
  const used = new Set<string>();
  for (const [name, value] of settings) {
    const text = value.trim();
    if (found.length >= mostConnections) break;
    if (!isUrl(text) || !speaksPostgres.test(text)) continue;
    if (bare && isUrlName(name) && settings.has("host")) continue;
    found.push({ name, read: withSiblings(readUrl(text), name, settings, form) });
  }
  const byVariable = ofLibpq(settings);
  if (byVariable.size > 0) {
    for (const name of Object.keys(libpqVariableNames)) used.add(name);
    const draft: TlsDraft = { parameters: byVariable, change: {}, notes: [] };
    readKeywordTls(draft);
    found.push({ name: "", read: { ok: true, value: { form, ...draft } } });
  }
  for (const prefix of prefixesOf(settings, bare)) {
    const group = groupOf(settings, prefix, used);
    if (group === undefined) continue;
    found.push({ name: prefix, read: { ok: true, value: { form, ...group } } });
  }
  const all = distinct(found);
  return all.map((one) => {
    // Of several connections each has what begins as its own settings do.
    const prefix = one.name.replace(/[._-]?ur[il]$/i, "");
    const own = all.length === 1 ? contents : contents.filter(({ name }) => name.startsWith(prefix));
    if (own.length === 0 || !one.read.ok || (all.length > 1 && prefix === "")) return one;
    return { ...one, read: { ok: true, value: withMaterial(one.read.value, sortedMaterial(own)) } };
  });
}

/** The settings with what is content taken out, and JSON that holds TLS settings in the words of an environment. */
function withoutContents(
  given: ReadonlyMap<string, string>,
  contents: readonly NamedContent[],
): ReadonlyMap<string, string> {
  const names = new Set(contents.map(({ name }) => name));
  const rest = [...given].filter(([name]) => !names.has(name));
  return new Map(
    rest.map(([name, value]) => {
      const rejects =
        /ssl|tls/i.test(name) && /^\s*\{/.test(value) ? rejectsUnauthorized(readJson(value)) : undefined;
      return rejects === undefined ? [name, value] : [`${name}_REJECT_UNAUTHORIZED`, rejects];
    }),
  );
}

/** More are no paste of a person's; what lies behind them is left out, so that the work stays bounded. */
const mostConnections = 200;

const speaksPostgres = /^(?:(?:jdbc|r2dbc):[a-z:-]{0,30})?(?:postgres|postgis|pgsql|cockroachdb|pg(?:\+|:))/i;

/** Whether a text is a PostgreSQL URL. */
export function isPostgresUrl(text: string): boolean {
  return isUrl(text.trim()) && speaksPostgres.test(text.trim());
}

function isUrlName(name: string): boolean {
  return /ur[il]$/i.test(name);
}

/** `SPRING_DATASOURCE_URL` has its user and password beside it; the words of `DATABASE_URL` are those of many clients. */
function withSiblings(
  read: Result<RawConnection>,
  name: string,
  settings: ReadonlyMap<string, string>,
  form: StringForm,
): Result<RawConnection> {
  if (!read.ok) return read;
  const parameters = new Map(read.value.parameters);
  const draft: TlsDraft = {
    parameters,
    change: { ...read.value.change },
    notes: [...(read.value.notes ?? [])],
  };
  const base = name.replace(/(?:[._-]?jdbc)?[._-]?ur[il]$/i, "");
  for (const [variable, value] of settings) {
    if (!variable.startsWith(base)) continue;
    const rest = variable.slice(base.length).toLowerCase().replace(/[._-]/g, "");
    if ((rest === "username" || rest === "user") && !parameters.has("user")) parameters.set("user", value);
    if ((rest === "password" || rest === "pass") && !parameters.has("password"))
      parameters.set("password", value);
    // Node-postgres verifies with an `ssl` object that does not say otherwise; a word of the URL outranks it.
    if (
      rest === "sslrejectunauthorized" &&
      !read.value.parameters.has("sslmode") &&
      asSwitch(value) !== undefined
    )
      takeMeaning(
        draft,
        "node-postgres",
        `SSL_REJECT_UNAUTHORIZED=${asSwitch(value)}`,
        asSwitch(value) === true ? "verify-full" : "unchecked",
        "other-words",
      );
  }
  const mode = parameters.get("sslmode");
  const plain =
    read.value.form === "uri" && (mode === "require" || mode === "prefer" || mode === "verify-ca");
  const notes = plain && draft.notes.length === 0 ? [{ id: "node-stricter" as const, facts: { mode } }] : [];
  return {
    ok: true,
    value: { ...read.value, form, parameters, change: draft.change, notes: [...draft.notes, ...notes] },
  };
}

function ofLibpq(settings: ReadonlyMap<string, string>): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [variable, parameter] of Object.entries(libpqVariableNames)) {
    const value = settings.get(variable);
    if (value !== undefined && value !== "") parameters.set(parameter, value);
  }
  return parameters;
}

/** What stands before `_HOST`; without one, the variables of PostgreSQL's own container image. */
function prefixesOf(settings: ReadonlyMap<string, string>, bare: boolean): readonly string[] {
  const prefixes = new Set<string>();
  for (const name of settings.keys()) {
    const host =
      /^(.{0,80}?)[._-]?(?:host|hostname|host_?name|server|endpoint)$/i.exec(name) ??
      /^()address$/i.exec(name);
    const prefix = host?.[1];
    if (prefix === undefined || /^pg$/i.test(prefix)) continue;
    if (prefix === "" ? bare : true) prefixes.add(prefix);
  }
  if (settings.has("POSTGRES_USER") || settings.has("POSTGRES_PASSWORD")) prefixes.add("POSTGRES");
  return [...prefixes].slice(0, mostConnections);
}

function groupOf(
  settings: ReadonlyMap<string, string>,
  prefix: string,
  used: ReadonlySet<string>,
): Pick<RawConnection, "parameters" | "change" | "notes"> | undefined {
  const draft: TlsDraft = { parameters: new Map(), change: {}, notes: [] };
  const { parameters } = draft;
  let engine = "";
  let ssl: string | undefined;
  let rejects: string | undefined;
  const unread: string[] = [];
  for (const [name, value] of settings) {
    if (!name.startsWith(prefix) || used.has(name)) continue;
    const word = name.slice(prefix.length).toLowerCase().replace(/[._-]/g, "");
    const parameter = word === "name" ? "dbname" : parameterNamed(word);
    // A host by its own name comes before `endpoint`, which may have the port with it.
    if (parameter === "host" && word !== "host" && parameters.has("host")) continue;
    if (parameter !== undefined) parameters.set(parameter, value);
    else if (word === "ssl" || word === "usessl" || word === "requiressl" || word === "sslenabled")
      ssl = value;
    else if (word === "sslrejectunauthorized") rejects = value;
    else if (["connection", "engine", "dialect", "driver", "client", "type", "adapter"].includes(word))
      engine = value;
    else if (/ssl|tls/.test(word) && value.trim() !== "") unread.push(name);
  }
  const withPort = /^([\w.-]{1,253}):(\d{1,5})$/.exec(parameters.get("host") ?? "");
  if (withPort !== null) {
    parameters.set("host", withPort[1] ?? "");
    if (!parameters.has("port")) parameters.set("port", withPort[2] ?? "");
  }
  const named = postgresName.test(prefix) || /postgres|pgsql|^pg$|postgis/i.test(engine);
  const other = otherName.test(prefix) || /mysql|maria|sqlite|mssql|sqlsrv|oracle|mongo/i.test(engine);
  const enough = parameters.has("user") || parameters.has("password") || parameters.has("dbname");
  if (other || !enough || !(named || prefix === "" || (parameters.has("dbname") && parameters.has("user")))) {
    return undefined;
  }
  if (parameters.get("port") === "3306" && !named) return undefined;
  if (asSwitch(rejects ?? "") === false && asSwitch(ssl ?? "true") !== false) {
    takeMeaning(draft, "node-postgres", "SSL_REJECT_UNAUTHORIZED=false", "unchecked", "other-words");
  } else if (parameters.has("sslmode")) readKeywordTls(draft);
  else if (asSwitch(rejects ?? "") === true && asSwitch(ssl ?? "true") !== false)
    takeMeaning(draft, "node-postgres", "SSL_REJECT_UNAUTHORIZED=true", "verify-full", "other-words");
  else if (ssl !== undefined && asSwitch(ssl) === true)
    takeStronger(draft, "node-postgres, psql", "SSL=true", "verify-full");
  else if (ssl !== undefined && asSwitch(ssl) === false)
    takeMeaning(draft, "node-postgres", "SSL=false", "disable", "other-words");
  else if (ssl !== undefined && ssl !== "") {
    parameters.set("sslmode", ssl);
    readKeywordTls(draft);
  }
  if (unread.length > 0) draft.notes.push({ id: "tls-words-unknown", facts: { list: namesOf(unread) } });
  return draft;
}

/** Shown: so nothing but what a name is made of. */
function namesOf(names: readonly string[]): string {
  const plain = names.map((name) => (/^[A-Za-z][A-Za-z_.-]{0,60}$/.test(name) ? name : "…"));
  return [...new Set(plain)].slice(0, 10).join(", ");
}

const postgresName = /pg|postgres|db|database|sql|rds|aurora|citus|timescale|supabase|neon/i;
const otherName = /mysql|maria|redis|mail|smtp|mongo|rabbit|amqp|kafka|elastic|mssql|oracle|ldap|proxy/i;

/** The same server under several names, as operators write it into secrets, is one connection. */
function distinct(found: readonly Found[]): readonly Found[] {
  const seen = new Set<string>();
  return found.filter(({ read }) => {
    if (!read.ok) return true;
    const of = (name: string) => read.value.parameters.get(name) ?? "";
    const key = JSON.stringify([of("host"), of("port") || "5432", of("dbname"), of("user"), of("hostaddr")]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
