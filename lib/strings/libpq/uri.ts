import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";

type Failure = { readonly ok: false; readonly problem: Problem };

const scheme = /^postgres(?:ql)?:\/\//i;

/** Whether a text begins as a PostgreSQL URI does. */
export function isUri(text: string): boolean {
  return scheme.test(text);
}

/**
 * Reads a connection URI into libpq's parameters, by libpq's own rules (`conninfo_uri_parse_options`): the user
 * ends at the first `@` before any `/`, hosts may be several, `?name=value` may set any parameter, the last wins.
 * `new URL` is not used: it reads other rules, and its error carries the whole text with the password.
 * @returns parameters by libpq name, decoded; several hosts are joined by commas. Else `string-malformed`.
 */
export function readUri(text: string): Result<ReadonlyMap<string, string>> {
  return readUriBy(libpqRules, text);
}

/** Where the URIs of other clients differ from libpq's. */
export interface UriRules {
  /** `ssl=true` in the query is `sslmode=require`; else it stays `ssl`. */
  readonly sslIsMode: boolean;
  /** A `+` in the query is a blank, as in HTML forms. */
  readonly plusIsBlank: boolean;
  /** A value in the query may hold `=`, and a name may stand without one. */
  readonly looseQuery: boolean;
  /**
   * Signs that part something are refused by name in a user and a database, where libpq would take them as letters
   * and a piece of a password with them. Whoever means them writes them with `%`.
   */
  readonly wary: boolean;
}

const libpqRules: UriRules = { sslIsMode: true, plusIsBlank: false, looseQuery: false, wary: false };

/** What psql reads, as people paste it. */
export const psqlUriRules: UriRules = { ...libpqRules, wary: true };

/** As `readUri`, by the rules of another client. */
export function readUriBy(rules: UriRules, text: string): Result<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  let at = text.match(scheme)?.[0].length ?? 0;

  const store = (name: string, raw: string, position: number): Failure | undefined => {
    if (raw === "") return undefined;
    const value = decode(raw);
    if (value === undefined) return malformed("encoding", position);
    found.set(name, value);
    return undefined;
  };

  if (rules.wary) {
    const reason = waryReason(text.slice(at));
    if (reason !== undefined) return malformed(reason, at);
  }
  const signEnd = indexOfAny(text, "@/", at);
  if (text[signEnd] === "@") {
    const credentials = text.slice(at, signEnd);
    const colon = credentials.indexOf(":");
    const user = colon < 0 ? credentials : credentials.slice(0, colon);
    const wrong =
      store("user", user, at) ??
      (colon < 0 ? undefined : store("password", credentials.slice(colon + 1), at + colon + 1));
    if (wrong) return wrong;
    at = signEnd + 1;
  }

  const hosts: string[] = [];
  const ports: string[] = [];
  const hostsAt = at;
  for (;;) {
    let host: string;
    if (text[at] === "[") {
      const close = text.indexOf("]", at);
      if (close < 0) return malformed("bracket-open", at);
      if (close === at + 1) return malformed("bracket-empty", at);
      host = text.slice(at + 1, close);
      at = close + 1;
      if (at < text.length && !":/?,".includes(text.charAt(at))) return malformed("bracket-followed", at);
    } else {
      const end = indexOfAny(text, ":/?,", at);
      host = text.slice(at, end);
      at = end;
    }
    hosts.push(host);
    let port = "";
    if (text[at] === ":") {
      const end = indexOfAny(text, "/?,", at + 1);
      port = text.slice(at + 1, end);
      at = end;
    }
    ports.push(port);
    if (text[at] !== ",") break;
    at += 1;
  }
  // An `@` or a port that is none means that the password holds an unescaped `@`, `/` or `:`: libpq would then
  // look for its tail as a host or database, and show it in an error. The name of the mistake is more use.
  if (hosts.some((host) => host.includes("@"))) return malformed("password-unescaped", hostsAt);
  if (ports.some((port) => !/^(\d|%)*$/.test(port))) {
    return malformed(text.includes("@", hostsAt) ? "password-unescaped" : "port", hostsAt);
  }
  const wrong = store("host", hosts.join(","), hostsAt) ?? store("port", ports.join(","), hostsAt);
  if (wrong) return wrong;

  if (text[at] === "/") {
    const end = indexOfAny(text, "?", at);
    if (text[signEnd] !== "@" && text.slice(at, end).includes("@"))
      return malformed("password-unescaped", at);
    const wrongName = store("dbname", text.slice(at + 1, end), at + 1);
    if (wrongName) return wrongName;
    at = end;
  }
  return text[at] === "?" ? readQuery(text, at + 1, found, rules) : ok(found);
}

/** What is most likely wrong with a URI whose parts run into each other; undefined where none does. */
function waryReason(rest: string): string | undefined {
  if (/[?&][\w.]{1,60}=[^&]{0,4000}&amp;/.test(rest)) return "html-ampersand";
  const authority = /^[^/?#]*/.exec(rest)?.[0] ?? "";
  const at = authority.lastIndexOf("@");
  if (/^[^:@]+@[^:@]+:[^@]*@/.test(authority)) return "user-unescaped";
  if (isBareIpv6(authority.slice(at + 1))) return "ipv6-brackets";
  const first = /^[^@/]*@/.exec(rest)?.[0];
  const user = first === undefined ? "" : (first.slice(0, -1).split(":", 1)[0] ?? "");
  if (/[^\w.~%!$()*\u0080-\uFFFF-]/.test(user))
    return first?.includes("?") ? "password-unescaped" : "user-sign";
  const afterUser = rest.slice(first?.length ?? 0);
  const slash = indexOfAny(afterUser, "/?", 0);
  const parts = afterUser.slice(0, slash);
  if (/[;&][\w.]{1,60}=/.test(parts)) return "question-mark-missing";
  if (afterUser.charAt(slash) !== "/") return undefined;
  const database = afterUser.slice(slash + 1, indexOfAny(afterUser, "?", slash));
  if (/[;&][ \t]*[\w.]{1,60}=/.test(database)) return "question-mark-missing";
  if (database.includes("@")) return "password-unescaped";
  return /[:;&=|,#\\]|\/./.test(database.trim()) ? "database-sign" : undefined;
}

/** `2001:db8::1`, with or without a port behind it; several hosts with their ports are none. */
function isBareIpv6(hosts: string): boolean {
  const host = hosts.split(",", 1)[0] ?? "";
  return /^[\da-f:.]{2,45}$/i.test(host) && (host.match(/:/g)?.length ?? 0) >= 2;
}

function malformed(reason: string, position: number): Failure {
  return failed(problem("string-malformed", { reason, position }));
}

function indexOfAny(text: string, stops: string, from: number): number {
  let index = from;
  while (index < text.length && !stops.includes(text.charAt(index))) index += 1;
  return index;
}

function readQuery(
  text: string,
  from: number,
  found: Map<string, string>,
  rules: UriRules,
): Result<ReadonlyMap<string, string>> {
  const plain = (raw: string) => decode(rules.plusIsBlank ? raw.replaceAll("+", "%20") : raw);
  let at = from;
  while (at < text.length) {
    const end = indexOfAny(text, "&", at);
    const pair = text.slice(at, end);
    const equals = pair.indexOf("=");
    if (rules.looseQuery && equals < 1) {
      // `?ssl` alone is a flag; nothing at all comes of `?a=b&&c=d`.
      const flag = plain(pair);
      if (flag === undefined || equals === 0) return malformed("encoding", at);
      if (flag !== "") found.set(flag, "");
      at = end + 1;
      continue;
    }
    if (equals < 0) return malformed("query-no-equals", at);
    const rest = pair.slice(equals + 1);
    if (!rules.looseQuery && rest.includes("=")) return malformed("query-two-equals", at + equals);
    const name = plain(pair.slice(0, equals));
    const value = plain(rest);
    if (name === undefined || value === undefined) return malformed("encoding", at);
    // libpq takes this one spelling of JDBC's (`conninfo_uri_parse_params`).
    if (rules.sslIsMode && name === "ssl" && value === "true") found.set("sslmode", "require");
    else found.set(name, value);
    at = end + 1;
  }
  return ok(found);
}

/**
 * Percent-decoding; undefined for a bad `%`, `%00`, bytes that are no UTF-8, or blanks inside. libpq 18 refuses
 * spaces only; a raw tab or line break is refused here too: it comes from a paste that broke over lines.
 */
function decode(raw: string): string | undefined {
  let start = 0;
  let end = raw.length;
  while (raw[start] === " ") start += 1;
  while (end > start && raw[end - 1] === " ") end -= 1;
  const text = raw.slice(start, end);
  if (/[ \t\n\v\f\r]|%00/.test(text)) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
