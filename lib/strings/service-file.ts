import { ok } from "#lib/problems/result.ts";
import { connectionsAmong, type Found } from "./settings-map.ts";
import type { TlsDraft } from "./tls-words.ts";
import { readKeywordTls } from "./url-tls.ts";

/** Whether a text has sections in brackets, as `pg_service.conf` has. */
export function isServiceFile(text: string): boolean {
  return /^\s*\[[^[\]\n=]{1,200}\][ \t]*$/m.test(text) && /^\s*[A-Za-z_][\w.]{0,60}\s*=/m.test(text);
}

/** Reads the sections of a `pg_service.conf` (libpq's manual, "The Connection Service File"), one connection each. */
export function readServiceFile(text: string): readonly Found[] {
  const sections: { readonly name: string; readonly settings: Map<string, string> }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const plain = line.trim();
    const head = /^\[([^[\]]{1,200})\]$/.exec(plain);
    if (head !== null) {
      sections.push({ name: head[1] ?? "", settings: new Map() });
      continue;
    }
    const equals = plain.indexOf("=");
    if (plain === "" || plain.startsWith("#") || plain.startsWith(";") || equals < 1) continue;
    sections.at(-1)?.settings.set(plain.slice(0, equals).trim(), plain.slice(equals + 1).trim());
  }
  return sections.flatMap(({ name, settings }) => ofSection(name, settings));
}

function ofSection(name: string, settings: ReadonlyMap<string, string>): readonly Found[] {
  const isService = ["host", "hostaddr", "dbname", "user", "port", "service"].some((key) =>
    settings.has(key),
  );
  // A section of another program's file: its URL, if it has one.
  if (!isService) return connectionsAmong(settings, "env").map((found) => ({ ...found, name }));
  const draft: TlsDraft = { parameters: new Map(settings), change: {}, notes: [] };
  readKeywordTls(draft);
  return [{ name, read: ok({ form: "service-file", name, ...draft }) }];
}
