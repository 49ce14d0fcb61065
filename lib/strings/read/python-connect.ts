import { ok, type Result } from "#lib/problems/result.ts";
import { readKeywords } from "#lib/strings/libpq/keywords.ts";
import { byKey, type CodeDraft, codeDraft, inOrder, takeSettings, textOf } from "./code-settings.ts";
import type { CodeEntry, CodeValue } from "./code-values.ts";
import type { RawConnection } from "./raw-connection.ts";
import type { Found } from "./settings-map.ts";
import { asSwitch, clientDefault, modeInAnyCase, takeMeaning, takeStronger } from "./tls-words.ts";
import { isUrl, readUrl } from "./url-forms.ts";
import { readKeywordTls } from "./url-tls.ts";

/** Reads the arguments of `psycopg.connect(…)`, `asyncpg.connect(…)`, `create_engine(…)`, `URL.create(…)` and their like. */
export function readPythonCall(
  entries: readonly CodeEntry[],
  call: string,
): Result<RawConnection> | undefined {
  const draft = codeDraft();
  const settings = new Map(byKey(entries));
  const dsn = textOf(inOrder(entries)[0]) ?? textOf(settings.get("dsn") ?? settings.get("conninfo"));
  let form: RawConnection["form"] = "python";
  let withoutMode = /asyncpg/.test(call) ? clientDefault("asyncpg", "prefer") : undefined;
  if (dsn !== undefined && !/^postgres\w*(?:\+\w+)?$/.test(dsn)) {
    const read = isUrl(dsn) ? readUrl(dsn.trim()) : keywords(dsn);
    if (!read.ok) return read;
    if (read.value.form === "sqlalchemy") form = read.value.form;
    withoutMode = read.value.withoutMode ?? withoutMode;
    for (const [name, value] of read.value.parameters) draft.parameters.set(name, value);
    Object.assign(draft.change, read.value.change);
    draft.notes.push(...(read.value.notes ?? []));
  }
  for (const name of ["connect_args", "query", "kwargs"]) {
    const inner = settings.get(name);
    settings.delete(name);
    if (inner?.kind === "list") for (const [key, value] of byKey(inner.entries)) settings.set(key, value);
  }
  const ssl = settings.get("ssl") ?? settings.get("ssl_context");
  for (const name of ["ssl", "ssl_context", "dsn", "conninfo", "drivername"]) settings.delete(name);
  takeSettings(draft, settings, names);
  if (settings.has("sslmode")) readKeywordTls(draft);
  else if (ssl !== undefined) takeSsl(draft, ssl);
  if (draft.parameters.size === 0 && draft.notes.length === 0) return undefined;
  return ok({ form, ...draft, ...(withoutMode && { withoutMode }) });
}

/** Reads Django's `DATABASES` (its manual, "DATABASES"): an entry for each alias whose engine is PostgreSQL's. */
export function readDjango(databases: readonly CodeEntry[]): readonly Found[] {
  return databases.flatMap(({ key, value }): readonly Found[] => {
    if (key === undefined || value.kind !== "list") return [];
    const settings = new Map(byKey(value.entries));
    const engine = textOf(settings.get("ENGINE")) ?? "";
    if (engine !== "" && !/postgres|postgis|psycopg|cockroach|timescale/i.test(engine)) return [];
    return [{ name: key, read: ok(djangoDatabase(settings, key)) }];
  });
}

function djangoDatabase(settings: ReadonlyMap<string, CodeValue>, name: string): RawConnection {
  const draft = codeDraft();
  const own = [...settings].filter(([key]) => !["ENGINE", "OPTIONS", "TEST"].includes(key));
  takeSettings(draft, own, djangoNames);
  const options = settings.get("OPTIONS");
  if (options?.kind === "list") takeSettings(draft, byKey(options.entries), names);
  readKeywordTls(draft);
  return { form: "django", ...(name === "default" ? {} : { name }), ...draft };
}

function keywords(text: string): Result<RawConnection> {
  const read = readKeywords(text);
  if (!read.ok) return read;
  const draft = codeDraft();
  for (const [name, value] of read.value) draft.parameters.set(name, value);
  readKeywordTls(draft);
  return ok({ form: "python", ...draft });
}

/** asyncpg takes a mode, True or a context of Python's `ssl`; the default context verifies in full. */
function takeSsl(draft: CodeDraft, ssl: CodeValue): void {
  const word = textOf(ssl);
  const mode = modeInAnyCase(word ?? "");
  const on = ssl.kind === "switch" ? ssl.on : asSwitch(word ?? "");
  if (mode !== undefined) takeMeaning(draft, "asyncpg", `ssl=${mode}`, mode, mode);
  else if (on === false) takeMeaning(draft, "asyncpg", "ssl=False", "disable", "other-words");
  else if (on === true) takeMeaning(draft, "asyncpg", "ssl=True", "verify-full", "other-words");
  else if (ssl.kind !== "nothing") takeStronger(draft, "Python", "ssl=SSLContext", "verify-full");
}

const names: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    "host hostaddr port dbname user password sslmode sslrootcert sslcert sslkey sslpassword sslcrl application_name options connect_timeout channel_binding sslnegotiation target_session_attrs ssl_min_protocol_version ssl_max_protocol_version sslsni passfile service"
      .split(" ")
      .map((name) => [name, name]),
  ),
  database: "dbname",
  username: "user",
  timeout: "connect_timeout",
};

const djangoNames: Readonly<Record<string, string>> = {
  NAME: "dbname",
  USER: "user",
  PASSWORD: "password",
  HOST: "host",
  PORT: "port",
};
