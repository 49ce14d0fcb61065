import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { readKeywords } from "#lib/strings/libpq/keywords.ts";
import { isAdoNet, readAdoNet } from "./ado-net.ts";
import { byKey, codeDraft, inOrder, takeSettings, textOf } from "./code-settings.ts";
import { type CodeEntry, type CodeValue, literalsOf, readCodeList } from "./code-values.ts";
import { isNodeConfig, readNodeConfig } from "./node-config.ts";
import { withPgxSettings } from "./pgx-settings.ts";
import { readDjango, readPythonCall } from "./python-connect.ts";
import type { RawConnection } from "./raw-connection.ts";
import type { Found } from "./settings-map.ts";
import { takeMeaning } from "./tls-words.ts";
import { isUrl, readUrl } from "./url-forms.ts";
import { readKeywordTls } from "./url-tls.ts";

/** Whether a text is a program's: it calls a client of PostgreSQL, or holds its settings. */
export function isCode(text: string): boolean {
  return text.length <= 65_536 && (calls.some(({ name }) => name.test(text)) || django.test(text));
}

/** Reads the connections that lines of a program make. */
export function readCode(text: string): readonly Found[] {
  const settings = django.exec(text);
  if (settings !== null) {
    const entries = readCodeList(text, settings.index + settings[0].length - 1);
    const found = entries === undefined ? [] : readDjango(entries);
    if (found.length > 0) return found;
  }
  const found: Found[] = [];
  for (const { name, read } of calls) {
    const every = new RegExp(name.source, "g");
    for (const match of text.matchAll(every)) {
      if (found.length >= 50) break;
      const entries = argumentsAt(text, match.index + match[0].length);
      const one = entries === undefined ? undefined : read(entries, match[0]);
      if (one !== undefined) found.push({ name: "", read: one });
    }
  }
  return found.length > 0 ? found.map((one) => withPgxSettings(one, text)) : readObjects(text);
}

/** An object or a literal that no known call surrounds: `const config = {…}`, `dsn := "host=…"`. */
export function readObjects(text: string): readonly Found[] {
  let tries = 0;
  for (const match of text.matchAll(/\{/g)) {
    tries += 1;
    if (tries > 20) break;
    const entries = readCodeList(text, match.index);
    if (entries === undefined) continue;
    if (isNodeConfig(entries)) {
      const read = readNodeConfig(entries, "node-postgres");
      if (read !== undefined) return [{ name: "", read }];
    }
    const databases = entries.filter(
      ({ value }) => value.kind === "list" && byKey(value.entries).has("ENGINE"),
    );
    if (databases.length > 0) return readDjango(databases);
    if (byKey(entries).has("ENGINE"))
      return readDjango([{ key: "default", value: { kind: "list", entries } }]);
  }
  return literalsOf(text).flatMap((literal): readonly Found[] => {
    const read = readLiteral(literal.trim(), "code");
    return read === undefined ? [] : [{ name: "", read }];
  });
}

/** Django's settings, whole or from the first alias on. */
const django = /\bDATABASES\s{0,20}=\s{0,20}\{/;

interface Call {
  /** Up to and with the opening parenthesis, where the language asks for one. */
  readonly name: RegExp;
  readonly read: (entries: readonly CodeEntry[], call: string) => Result<RawConnection> | undefined;
}

const calls: readonly Call[] = [
  {
    name: /\b(?:psycopg[23]?|asyncpg|aiopg|pg8000)(?:\.\w{1,40}){0,3}\.(?:connect|create_pool)\s{0,9}\(/,
    read: readPythonCall,
  },
  { name: /\b(?:Async)?ConnectionPool\s{0,9}\(/, read: readPythonCall },
  { name: /\bcreate_(?:async_)?engine\s{0,9}\(/, read: readPythonCall },
  { name: /\bURL\.create\s{0,9}\(/, read: readPythonCall },
  {
    name: /\bnew\s{1,9}(?:\w{1,40}\.)?(?:Client|Pool|Sequelize|DataSource)\s{0,9}\(/,
    read: (entries) => readNodeConfig(entries, "node-postgres"),
  },
  { name: /\bknex\s{0,9}\(/, read: (entries) => readNodeConfig(entries, "node-postgres") },
  { name: /\bpostgres\s{0,9}\(/, read: (entries) => readNodeConfig(entries, "postgres.js") },
  { name: /\bPG(?:::Connection)?\.(?:connect|new|open)\b\s{0,9}\(?/, read: readRuby },
  { name: /\bSequel\.(?:connect|postgres)\s{0,9}\(/, read: readRuby },
  { name: /\bpg_p?connect\s{0,9}\(/, read: (entries) => literalIn(entries, "php") },
  { name: /\bnew\s{1,9}\\?PDO\s{0,9}\(/, read: readPdo },
  { name: /\bpgx(?:pool)?\.\w{1,40}\s{0,9}\(/, read: (entries) => literalIn(entries, "go") },
  { name: /\bsqlx?\.(?:Open|Connect|MustConnect|MustOpen)\s{0,9}\(/, read: readGoSql },
  { name: /\bpq\.\w{1,40}\s{0,9}\(/, read: (entries) => libPq(literalIn(entries, "go")) },
  { name: /\bDriverManager\.getConnection\s{0,9}\(/, read: readJava },
  {
    name: /(?:\bnew\s{1,9}Npgsql\w{0,40}|\bNpgsqlDataSource\.Create|\bUseNpgsql)\s{0,9}\(/,
    read: (entries) => literalIn(entries, "code"),
  },
];

/** Ruby leaves the parentheses out where it can: there the arguments end with the line. */
function argumentsAt(text: string, after: number): readonly CodeEntry[] | undefined {
  if (text.charAt(after - 1) === "(") return readCodeList(text, after - 1);
  const lines: string[] = [];
  for (const line of text.slice(after, after + 20_000).split("\n", 30)) {
    lines.push(line);
    if (!/,\s*(?:#.*)?$/.test(line.slice(-200))) break;
  }
  return readCodeList(`(${lines.join("\n")}\n)`, 0);
}

function literalIn(
  entries: readonly CodeEntry[],
  form: RawConnection["form"],
): Result<RawConnection> | undefined {
  for (const value of inOrder(entries)) {
    const text = textOf(value)?.trim();
    const read = text === undefined ? undefined : readLiteral(text, form);
    if (read !== undefined) return read;
    if (value.kind === "call") {
      const inner = literalIn(value.entries, form);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}

/** A literal that is a connection by itself. */
function readLiteral(text: string, form: RawConnection["form"]): Result<RawConnection> | undefined {
  if (/^pgsql:(?!\/\/)/i.test(text)) return pdo(text, undefined, undefined);
  if (isUrl(text)) {
    if (!/^(?:(?:jdbc|r2dbc):[a-z:-]{0,30})?(?:postgres|postgis|cockroachdb|pgsql)/i.test(text))
      return undefined;
    const read = readUrl(text);
    return read.ok && (read.value.form === "uri" || form !== "code") ? ok({ ...read.value, form }) : read;
  }
  if (isAdoNet(text)) return readAdoNet(text);
  if (!/^(?:host|hostaddr|dbname|user|port|service|password|sslmode)\s{0,9}=/.test(text)) return undefined;
  const read = readKeywords(text);
  if (!read.ok) return read;
  const draft = codeDraft();
  for (const [name, value] of read.value) draft.parameters.set(name, value);
  readKeywordTls(draft);
  return ok({ form, ...draft });
}

/** `sql.Open("postgres", …)` is lib/pq, whose default is require; `"pgx"` follows libpq. */
function readGoSql(entries: readonly CodeEntry[]): Result<RawConnection> | undefined {
  const read = literalIn(entries, "go");
  return textOf(inOrder(entries)[0]) === "postgres" ? libPq(read) : read;
}

function libPq(read: Result<RawConnection> | undefined): Result<RawConnection> | undefined {
  if (read === undefined || !read.ok || read.value.parameters.has("sslmode")) return read;
  const draft = {
    ...codeDraft(),
    parameters: new Map(read.value.parameters),
    notes: [...(read.value.notes ?? [])],
  };
  takeMeaning(draft, "lib/pq", "no sslmode", "require", "prefer");
  return ok({ ...read.value, ...draft });
}

/** The gem `pg` takes libpq's names; its older way gives host, port, options, tty, database, user and password in order. */
function readRuby(entries: readonly CodeEntry[]): Result<RawConnection> | undefined {
  const literal = literalIn(entries, "ruby");
  if (literal !== undefined) return literal;
  const draft = codeDraft();
  const values = inOrder(entries);
  const only = values[0];
  const named = only?.kind === "list" ? byKey(only.entries) : byKey(entries);
  for (const [index, name] of ["host", "port", "options", "", "dbname", "user", "password"].entries()) {
    const text = textOf(values[index]);
    if (text !== undefined && text !== "" && name !== "") draft.parameters.set(name, text);
  }
  takeSettings(draft, named, rubyNames);
  readKeywordTls(draft);
  return draft.parameters.size === 0 ? undefined : ok({ form: "ruby", ...draft });
}

const rubyNames: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    "host hostaddr port dbname user password sslmode sslrootcert sslcert sslkey sslpassword sslcrl application_name options connect_timeout channel_binding sslnegotiation ssl_min_protocol_version ssl_max_protocol_version sslsni service target_session_attrs"
      .split(" ")
      .map((name) => [name, name]),
  ),
  database: "dbname",
  username: "user",
};

function readPdo(entries: readonly CodeEntry[]): Result<RawConnection> | undefined {
  const [dsn, user, password] = inOrder(entries);
  if (missesComma(entries, ["", "+"])) return commaMissing;
  const text = textOf(dsn)?.trim();
  return text === undefined || !/^pgsql:/i.test(text) ? undefined : pdo(text, user, password);
}

/** PHP and Java join no literals that stand beside each other, PHP none by `+`: which is the password cannot be told. */
function missesComma(entries: readonly CodeEntry[], never: readonly ("" | "+")[]): boolean {
  return inOrder(entries).some(
    (value) => value.kind === "text" && value.glued !== undefined && never.includes(value.glued),
  );
}

const commaMissing = failed(problem("string-malformed", { reason: "comma-missing" }));

/** PHP's `pgsql:host=…;port=…;dbname=…`: libpq's keywords with semicolons between them. */
export function pdo(
  dsn: string,
  user: CodeValue | undefined,
  password: CodeValue | undefined,
): Result<RawConnection> {
  const draft = codeDraft();
  for (const part of dsn.slice("pgsql:".length).split(";")) {
    const equals = part.indexOf("=");
    if (part.trim() === "") continue;
    if (equals < 1) return failed(problem("string-malformed", { reason: "no-equals" }));
    draft.parameters.set(
      part.slice(0, equals).trim(),
      part
        .slice(equals + 1)
        .trim()
        .replace(/^'(.*)'$/, "$1"),
    );
  }
  takeSettings(
    draft,
    [["user", user] as const, ["password", password] as const].flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
    { user: "user", password: "password" },
  );
  readKeywordTls(draft);
  return ok({ form: "php", ...draft });
}

function readJava(entries: readonly CodeEntry[]): Result<RawConnection> | undefined {
  const [url, user, password] = inOrder(entries);
  if (missesComma(entries, [""])) return commaMissing;
  const read = readLiteral(textOf(url)?.trim() ?? "", "code");
  if (read === undefined || !read.ok) return read;
  const parameters = new Map(read.value.parameters);
  // A second argument alone is a map of properties: a text there comes from three that ran together.
  const values = password === undefined ? {} : { user: textOf(user), password: textOf(password) };
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) parameters.set(name, value);
  }
  return ok({ ...read.value, parameters });
}
