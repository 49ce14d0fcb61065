import { ok, type Result } from "#lib/problems/result.ts";
import { isIpAddress } from "#lib/settings/ip-address.ts";
import { isUri, readUriBy } from "#lib/strings/libpq/uri.ts";
import {
  byKey,
  type CodeDraft,
  codeDraft,
  inOrder,
  takeMaterial,
  takeSettings,
  textOf,
} from "./code-settings.ts";
import type { CodeEntry, CodeValue } from "./code-values.ts";
import type { RawConnection } from "./raw-connection.ts";
import { asSwitch, clientDefault, modeInAnyCase, takeMeaning } from "./tls-words.ts";

/** The clients for Node whose words differ: `pg`, and Porsager's `postgres`. */
export type NodeClient = "node-postgres" | "postgres.js";

/**
 * Reads what is given to `new Client(…)`, `new Pool(…)` or `postgres(…)`, and what wraps them: knex's `connection`,
 * Sequelize's and TypeORM's options.
 */
export function readNodeConfig(
  entries: readonly CodeEntry[],
  client: NodeClient,
): Result<RawConnection> | undefined {
  const draft = codeDraft();
  const positional = inOrder(entries);
  const options = flat(positional.find((value) => value.kind === "list") ?? { kind: "list", entries });
  const first = textOf(positional[0]);
  const url = first ?? textOf(options.get("connectionString") ?? options.get("url") ?? options.get("uri"));
  if (url !== undefined && isUri(url.trim())) {
    const read = readUriBy({ sslIsMode: false, plusIsBlank: true, looseQuery: true, wary: true }, url.trim());
    if (!read.ok) return read;
    for (const [name, value] of read.value) draft.parameters.set(name, value);
  } else if (first !== undefined && positional.length >= 3) takePositional(draft, positional);
  else if (options.has("connectionString")) {
    draft.notes.push({ id: "value-elsewhere", facts: { list: "connectionString" } });
  }

  const rest = [...options].filter(([key]) => !handled.has(key));
  takeSettings(draft, rest, names);
  takeMillis(draft, options.get("connectionTimeoutMillis"));
  const binding = options.get("enableChannelBinding");
  // On, it is used where the server offers it: libpq's default.
  if (binding?.kind === "switch" && !binding.on) draft.parameters.set("channel_binding", "disable");
  const inUrl = takeUrlWords(draft, client);
  // Any TLS word in the URL outranks the option.
  if (!inUrl) takeSsl(draft, options.get("ssl") ?? dialectSsl(options), client);
  if (draft.parameters.size === 0 && draft.notes.length === 0) return undefined;
  return ok({ form: "node", ...draft, withoutMode: clientDefault(client, "disable") });
}

/** Whether an object has the settings of a connection. */
export function isNodeConfig(entries: readonly CodeEntry[]): boolean {
  const keys = new Set([...flat({ kind: "list", entries }).keys()]);
  if (keys.has("connectionString")) return true;
  return (
    keys.has("host") &&
    (keys.has("database") || keys.has("user") || keys.has("username") || keys.has("password"))
  );
}

/** The settings, with those of the objects that wrap them brought up. */
function flat(value: CodeValue): ReadonlyMap<string, CodeValue> {
  if (value.kind !== "list") return new Map();
  const own = new Map(byKey(value.entries));
  for (const wrapper of ["connection", "extra", "datasource"]) {
    const inner = own.get(wrapper);
    if (inner?.kind === "list") for (const [key, below] of byKey(inner.entries)) own.set(key, below);
    else if (wrapper === "connection" && inner?.kind === "text") own.set("connectionString", inner);
    if (inner !== undefined) own.delete(wrapper);
  }
  return own;
}

function dialectSsl(options: ReadonlyMap<string, CodeValue>): CodeValue | undefined {
  const dialect = options.get("dialectOptions");
  return dialect?.kind === "list" ? byKey(dialect.entries).get("ssl") : undefined;
}

/** Sequelize: `(database, user, password, options)`. */
function takePositional(draft: CodeDraft, values: readonly CodeValue[]): void {
  // Without all three before the options, which is the password cannot be told.
  if (values[2]?.kind === "list") return;
  for (const [index, name] of ["dbname", "user", "password"].entries()) {
    const text = textOf(values[index]);
    if (text !== undefined) draft.parameters.set(name, text);
  }
}

/**
 * `pg-connection-string` 2: every mode that encrypts is Verify Full, unless `uselibpqcompat` asks for libpq's meanings.
 * @returns whether the URL said anything of TLS
 */
function takeUrlWords(draft: CodeDraft, client: NodeClient): boolean {
  const { parameters } = draft;
  const ssl = parameters.get("ssl");
  const word = parameters.get("sslmode") ?? (ssl === undefined || ssl === "" ? undefined : ssl);
  const compatible = asSwitch(parameters.get("uselibpqcompat") ?? "") === true;
  for (const name of ["ssl", "uselibpqcompat"]) parameters.delete(name);
  if (word === undefined) return false;
  const mode = modeInAnyCase(word);
  const written = `sslmode=${mode ?? (asSwitch(word) === undefined ? "…" : word.toLowerCase())}`;
  if (client === "postgres.js") takePostgresJs(draft, word);
  else if (word.toLowerCase() === "no-verify") {
    takeMeaning(draft, client, "sslmode=no-verify", "unchecked", "refused");
  } else if (mode === "disable" || asSwitch(word) === false) parameters.set("sslmode", "disable");
  else if (compatible && mode !== undefined) parameters.set("sslmode", mode);
  else if (mode === "verify-full") parameters.set("sslmode", mode);
  else takeMeaning(draft, client, written, "verify-full", mode ?? "refused");
  return true;
}

function takeSsl(draft: CodeDraft, ssl: CodeValue | undefined, client: NodeClient): void {
  if (ssl === undefined || ssl.kind === "nothing") return;
  const word = textOf(ssl);
  if (ssl.kind === "switch") {
    takeMeaning(draft, client, `ssl: ${ssl.on}`, ssl.on ? "verify-full" : "disable", "other-words");
  } else if (word !== undefined) takePostgresJs(draft, word);
  else if (ssl.kind === "list") {
    const options = withShorthand(ssl.entries);
    takeRoots(draft, options.get("ca"));
    takeServerName(draft, options.get("servername"));
    takeMaterial(draft, withoutRoots(options), {
      ca: "sslrootcert",
      cert: "sslcert",
      key: "sslkey",
      crl: "sslcrl",
    });
    const rejects = options.get("rejectUnauthorized");
    const ownNameCheck = options.has("checkServerIdentity");
    if (rejects?.kind === "switch" && !rejects.on) {
      takeMeaning(draft, client, "rejectUnauthorized: false", "unchecked", "other-words");
    } else if (ownNameCheck) {
      takeMeaning(draft, client, "checkServerIdentity", "verify-ca", "other-words");
    } else takeMeaning(draft, client, "ssl: {…}", "verify-full", "other-words");
    takeSettings(
      draft,
      [...options].filter(([key]) => !tlsHandled.has(key)),
      tlsNames,
    );
  } else {
    // A variable: what it holds is not here, and the strongest is asked for.
    takeMeaning(draft, client, "ssl: …", "verify-full", "other-words");
    draft.notes.push({ id: "value-elsewhere", facts: { list: "ssl" } });
  }
}

/** `{ ca, cert }`: names alone, whose values are elsewhere. */
function withShorthand(entries: readonly CodeEntry[]): ReadonlyMap<string, CodeValue> {
  const alone = inOrder(entries).flatMap((value) =>
    value.kind === "call" && value.entries.length === 0 ? [[value.name, { kind: "open" }] as const] : [],
  );
  return new Map<string, CodeValue>([...alone, ...byKey(entries)]);
}

/** Node's own lists in place of a file: `getCACertificates("system")`, `rootCertificates`. */
function takeRoots(draft: CodeDraft, ca: CodeValue | undefined): void {
  if (ca?.kind !== "call") return;
  if (/getCACertificates$/.test(ca.name)) {
    draft.change.trust = textOf(inOrder(ca.entries)[0]) === "system" ? "system" : "mozilla";
  } else if (/\brootCertificates$/.test(ca.name)) draft.change.trust = "mozilla";
}

function withoutRoots(options: ReadonlyMap<string, CodeValue>): ReadonlyMap<string, CodeValue> {
  const ca = options.get("ca");
  const isList = ca?.kind === "call" && /(?:getCACertificates|\brootCertificates)$/.test(ca.name);
  return isList ? new Map([...options].filter(([key]) => key !== "ca")) : options;
}

/** An address that is dialled, and the name that the certificate must bear. */
function takeServerName(draft: CodeDraft, value: CodeValue | undefined): void {
  const name = textOf(value);
  const host = draft.parameters.get("host");
  if (name === undefined || name === "" || host === undefined || host === name) return;
  if (!isIpAddress(host)) {
    draft.unknown.push({ name: "servername", value: name });
    return;
  }
  draft.parameters.set("hostaddr", host);
  draft.parameters.set("host", name);
}

/** postgres.js: `require`, `allow` and `prefer` check nothing. */
function takePostgresJs(draft: CodeDraft, word: string): void {
  const mode = modeInAnyCase(word);
  if (mode !== undefined) draft.parameters.set("sslmode", mode);
  else if (asSwitch(word) !== undefined) {
    takeMeaning(
      draft,
      "postgres.js",
      `ssl=${word.toLowerCase()}`,
      asSwitch(word) ? "verify-full" : "disable",
      "other-words",
    );
  } else if (word.toLowerCase() === "no-verify") {
    takeMeaning(draft, "node-postgres", "ssl=no-verify", "unchecked", "refused");
  } else takeMeaning(draft, "node-postgres", "ssl: …", "verify-full", "other-words");
}

function takeMillis(draft: CodeDraft, value: CodeValue | undefined): void {
  const text = textOf(value);
  if (text === undefined || !/^\d{1,7}$/.test(text)) return;
  draft.parameters.set("connect_timeout", String(Math.ceil(Number(text) / 1000)));
}

const handled: ReadonlySet<string> = new Set([
  "connectionString",
  "url",
  "uri",
  "ssl",
  "dialectOptions",
  "connectionTimeoutMillis",
  "client",
  "dialect",
  "type",
  "dialectModule",
  "enableChannelBinding",
]);

const names: Readonly<Record<string, string>> = {
  host: "host",
  hostname: "host",
  port: "port",
  database: "dbname",
  db: "dbname",
  user: "user",
  username: "user",
  password: "password",
  pass: "password",
  application_name: "application_name",
  options: "options",
  sslnegotiation: "sslnegotiation",
  connect_timeout: "connect_timeout",
};

const tlsHandled: ReadonlySet<string> = new Set(
  "ca cert key rejectUnauthorized checkServerIdentity servername crl allowPartialTrustChain".split(" "),
);
const tlsNames: Readonly<Record<string, string>> = {
  minVersion: "ssl_min_protocol_version",
  maxVersion: "ssl_max_protocol_version",
  passphrase: "sslpassword",
};
