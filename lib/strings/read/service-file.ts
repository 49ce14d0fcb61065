import { ok } from "#lib/problems/result.ts";
import { readKeywords } from "#lib/strings/libpq/keywords.ts";
import { underLibpqNames } from "./parameter-names.ts";
import { connectionsAmong, type Found } from "./settings-map.ts";
import type { TlsDraft } from "./tls-words.ts";
import { readKeywordTls } from "./url-tls.ts";

/** Whether a text has sections in brackets, as `pg_service.conf` has. */
export function isServiceFile(text: string): boolean {
  return /^[ \t]*\[[^[\]\n=]{1,200}\][ \t]*$/m.test(text) && /^[ \t]*[A-Za-z_][\w.]{0,60}\s*=/m.test(text);
}

/** Reads the sections of a `pg_service.conf` (libpq's manual, "The Connection Service File"), one connection each. */
export function readServiceFile(text: string): readonly Found[] {
  const sections: { readonly name: string; readonly settings: Map<string, string> }[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    const plain = trimmed(text.slice(at, end < 0 ? text.length : end));
    at = end < 0 ? text.length : end + 1;
    const head = /^\[([^[\]]{1,200})\]$/.exec(plain);
    if (head !== null) {
      if (sections.length >= mostSections) break;
      sections.push({ name: head[1] ?? "", settings: new Map() });
      continue;
    }
    const equals = plain.indexOf("=");
    if (plain === "" || plain.startsWith("#") || plain.startsWith(";") || equals < 1) continue;
    sections.at(-1)?.settings.set(plain.slice(0, equals).trim(), valueBehind(plain, equals));
  }
  return sections.flatMap(({ name, settings }) => ofSection(name, settings));
}

/** What lies behind them is left out. */
const mostSections = 200;

/** Without the blanks of C at both ends: a no-break space belongs to a value. */
function trimmed(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && " \t\v\f\r".includes(line.charAt(start))) start += 1;
  while (end > start && " \t\v\f\r".includes(line.charAt(end - 1))) end -= 1;
  return line.slice(start, end);
}

/** libpq takes a value as it stands, blanks in front included; where one stands before the `=`, people mean layout. */
function valueBehind(line: string, equals: number): string {
  const value = line.slice(equals + 1);
  return /\s/.test(line.charAt(equals - 1)) ? value.trimStart() : value;
}

function ofSection(name: string, settings: ReadonlyMap<string, string>): readonly Found[] {
  if (name === "databases") return ofPgBouncer(settings);
  // TOML quotes its texts; libpq knows no such quotes.
  if (
    [...settings].some(
      ([key, value]) => /^(?:host|hostname|server|url)$/i.test(key) && /^".*"$/.test(value.trim()),
    )
  ) {
    const plain = new Map([...settings].map(([key, value]) => [key, value.trim().replace(/^"(.*)"$/, "$1")]));
    return connectionsAmong(plain, "env", true).map((found) => ({ ...found, name }));
  }
  const named = underLibpqNames(settings);
  const isService = ["host", "hostaddr", "dbname", "user", "port", "service"].some((key) => named.has(key));
  // A section of another program's file: its URL, if it has one.
  if (!isService) return connectionsAmong(settings, "env").map((found) => ({ ...found, name }));
  const draft: TlsDraft = { parameters: named, change: {}, notes: [] };
  readKeywordTls(draft);
  return [{ name, read: ok({ form: "service-file", name, ...draft }) }];
}

/** PgBouncer's `[databases]`: a name and a keyword string, whose database has the same name where it says nothing. */
function ofPgBouncer(settings: ReadonlyMap<string, string>): readonly Found[] {
  return [...settings].flatMap(([name, value]): readonly Found[] => {
    const read = readKeywords(value);
    if (!read.ok) return [{ name, read }];
    const draft: TlsDraft = { parameters: underLibpqNames(read.value), change: {}, notes: [] };
    if (!draft.parameters.has("host")) return [];
    if (!draft.parameters.has("dbname") && name !== "*") draft.parameters.set("dbname", name);
    readKeywordTls(draft);
    return [{ name, read: ok({ form: "service-file", name, ...draft }) }];
  });
}
