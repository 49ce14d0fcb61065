import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { readKeywords } from "#lib/strings/libpq/keywords.ts";
import { parameterNamed } from "./parameter-names.ts";
import type { RawConnection } from "./raw-connection.ts";
import {
  asSwitch,
  clientDefault,
  modeInAnyCase,
  type TlsDraft,
  takeMeaning,
  takeStronger,
} from "./tls-words.ts";
import { readKeywordTls } from "./url-tls.ts";

/** Whether a text is a list of `Name=value` parted by semicolons, with at least one name that a host goes by. */
export function isAdoNet(text: string): boolean {
  if (text.length > 65_536) return false;
  // In a keyword string whose password has a semicolon, more than one `=` stands before it.
  const first = /^\s*[A-Za-z][\w ]{0,60}=\s*(?:"[^"]*"|'[^']*'|\{[^}]*\}|[^;='"]*)\s*;/.exec(text);
  return first !== null && hostName.test(text);
}

const hostName = /(?:^|;)\s{0,20}(?:server|host|data ?source|addr|address|network address)\s{0,20}=/i;

/**
 * Reads an ADO.NET or Npgsql string, ODBC's likeness of it, or the Azure portal's Ruby string, whose only semicolon
 * stands behind the host.
 */
export function readAdoNet(text: string): Result<RawConnection> {
  const ruby = /^\s*host=([^\s;]+);\s+(\w+=[^;]*\w=[^;]*);?\s*$/.exec(text);
  if (ruby !== null) {
    const read = readKeywords(`host=${ruby[1]} ${ruby[2]}`);
    if (!read.ok) return read;
    const draft: TlsDraft = { parameters: new Map(read.value), change: {}, notes: [] };
    readKeywordTls(draft);
    return ok({ form: "keywords", ...draft });
  }
  const pairs = pairsOf(text);
  return pairs.ok ? ok({ form: "ado-net", ...readNpgsqlSettings(pairs.value) }) : pairs;
}

/** Name and value by the rules of `DbConnectionStringBuilder`: quotes of both kinds, doubled inside; `{…}` is ODBC's. */
function pairsOf(text: string): Result<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const isOdbc = /(?:^|;)\s*driver\s*=/i.test(text);
  let at = 0;
  while (at < text.length) {
    while (at < text.length && /[\s;]/.test(text.charAt(at))) at += 1;
    if (at >= text.length) break;
    const equals = text.indexOf("=", at);
    const stop = text.indexOf(";", at);
    if (equals < 0 || (stop >= 0 && stop < equals)) return malformed("no-equals", at);
    const name = text.slice(at, equals).trim();
    at = equals + 1;
    while (text.charAt(at) === " ") at += 1;
    const open = text.charAt(at);
    const close = open === "{" && isOdbc ? "}" : open;
    let value = "";
    if (close === "}" || open === '"' || open === "'") {
      const start = at;
      at += 1;
      for (;;) {
        const end = text.indexOf(close, at);
        if (end < 0) return malformed("quote-open", start);
        value += text.slice(at, end);
        at = end + 1;
        if (text.charAt(at) !== close) break;
        value += close;
        at += 1;
      }
      while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
      if (at < text.length && text.charAt(at) !== ";") return malformed("quote-open", start);
    } else {
      const end = text.indexOf(";", at);
      value = text.slice(at, end < 0 ? text.length : end).trim();
      at = end < 0 ? text.length : end;
    }
    if (!/^[A-Za-z][\w .-]{0,60}$/.test(name)) return malformed("parameter-name", at);
    found.set(name, value);
  }
  return ok(found);
}

function malformed(reason: string, position: number) {
  return failed(problem("string-malformed", { reason, position }));
}

/** Npgsql's settings (its manual, "Connection String Parameters") in libpq's words. */
export function readNpgsqlSettings(
  settings: ReadonlyMap<string, string>,
): Pick<RawConnection, "parameters" | "change" | "notes" | "unknown" | "withoutMode"> {
  const draft: TlsDraft = { parameters: new Map(), change: {}, notes: [] };
  const unknown: { name: string; value: string }[] = [];
  const { parameters } = draft;
  let isOdbc = false;
  let trusts: boolean | undefined;
  let word: string | undefined;
  let ssl: boolean | undefined;
  for (const [written, value] of settings) {
    const name = written.toLowerCase().replace(/[ _]/g, "");
    const own = names[name] ?? parameterNamed(name);
    if (name === "sslmode") word = value;
    else if (name === "trustservercertificate") trusts = asSwitch(value);
    else if (/^(?:ssl|usessl|sslenabled|requiressl|encrypt)$/.test(name) && asSwitch(value) !== undefined)
      ssl = asSwitch(value);
    else if (name === "driver") isOdbc = true;
    else if (name === "host" || name === "server" || own === "host") takeHost(parameters, value);
    else if (name === "sslnegotiation" || name === "channelbinding") {
      parameters.set(names[name] ?? name, value.toLowerCase());
    } else if (own !== undefined) parameters.set(own, value);
    else unknown.push({ name: written, value });
  }
  // psqlODBC is built on libpq, and so are its words.
  if (isOdbc && word !== undefined) {
    parameters.set("sslmode", modeInAnyCase(word) ?? word);
    return { ...draft, unknown };
  }
  if (word === undefined && ssl === true && trusts !== true) {
    takeStronger(draft, "Npgsql", "SSL=true", "verify-full");
  } else if (word === undefined && ssl === false) {
    takeMeaning(draft, "Npgsql", "SSL=false", "disable", "other-words");
  } else takeMode(draft, word, trusts);
  return { ...draft, unknown, withoutMode: clientDefault("Npgsql", "prefer") };
}

/** `Server=tcp:host,1433` is another database's; a port behind the host is Npgsql's own way. */
function takeHost(parameters: Map<string, string>, value: string): void {
  const found = /^(?:tcp:)?([^:,[\]]+):(\d{1,5})$/i.exec(value);
  parameters.set("host", found?.[1] ?? value.replace(/^tcp:/i, ""));
  if (found?.[2] !== undefined) parameters.set("port", found[2]);
}

/**
 * `Require` checked the certificate up to Npgsql 5, was refused by 6 and 7 without `Trust Server Certificate`, and
 * checks nothing from 8 on.
 */
function takeMode(draft: TlsDraft, word: string | undefined, trusts: boolean | undefined): void {
  const { parameters } = draft;
  if (word === undefined || word === "") {
    if (trusts === true) {
      takeMeaning(draft, "Npgsql", "Trust Server Certificate=true", "unchecked", "other-words");
    }
    return;
  }
  const mode = modeInAnyCase(word);
  if (mode === "require" && trusts === true) {
    takeMeaning(
      draft,
      "Npgsql",
      "SSL Mode=Require; Trust Server Certificate=true",
      "unchecked",
      "other-words",
    );
  } else if (mode === "require" && parameters.has("sslrootcert")) {
    takeStronger(draft, "Npgsql", "SSL Mode=Require", "verify-ca");
  } else if (mode === "require" && trusts === undefined) {
    takeStronger(draft, "Npgsql", "SSL Mode=Require", "verify-full");
  } else if (mode === "require") {
    takeMeaning(draft, "Npgsql", "Trust Server Certificate=false", "verify-full", "other-words");
  } else if (mode !== undefined) {
    parameters.set("sslmode", mode);
    if (trusts === true && mode.startsWith("verify"))
      takeStronger(draft, "Npgsql", "Trust Server Certificate=true", mode);
  } else if (asSwitch(word) === true) {
    takeStronger(draft, "Npgsql", "SSL Mode=true", "verify-full");
  } else parameters.set("sslmode", word);
}

const names: Readonly<Record<string, string>> = {
  datasource: "host",
  addr: "host",
  address: "host",
  networkaddress: "host",
  port: "port",
  database: "dbname",
  db: "dbname",
  initialcatalog: "dbname",
  username: "user",
  user: "user",
  userid: "user",
  uid: "user",
  password: "password",
  pwd: "password",
  psw: "password",
  passfile: "passfile",
  applicationname: "application_name",
  timeout: "connect_timeout",
  connecttimeout: "connect_timeout",
  connectiontimeout: "connect_timeout",
  rootcertificate: "sslrootcert",
  sslcertificate: "sslcert",
  clientcertificate: "sslcert",
  sslkey: "sslkey",
  clientcertificatekey: "sslkey",
  sslpassword: "sslpassword",
  sslnegotiation: "sslnegotiation",
  channelbinding: "channel_binding",
  options: "options",
  targetsessionattributes: "target_session_attrs",
};
