import "server-only";
import { escapeIdentifier, escapeLiteral } from "pg";
import type { AskedImport } from "./ask.ts";

/** The COPY that an import is. Names are quoted, and every text in it is a literal. */
export function copyFrom(ask: AskedImport, everyBadLine: boolean): string {
  const names = (columns: readonly string[]) => columns.map((name) => escapeIdentifier(name)).join(", ");
  const options = [
    "format csv",
    ...(ask.header ? ["header true"] : []),
    `delimiter ${literal(ask.delimiter)}`,
    `quote ${literal(ask.quote)}`,
    `null ${literal(ask.nullText)}`,
    `encoding ${literal(ask.encoding)}`,
    ...(ask.emptyIsText.length > 0 ? [`force_not_null (${names(ask.emptyIsText)})`] : []),
    ...(ask.emptyIsNull.length > 0 ? [`force_null (${names(ask.emptyIsNull)})`] : []),
    ...(everyBadLine ? ["on_error ignore", "log_verbosity verbose"] : []),
  ];
  return `copy ${escapeIdentifier(ask.schema)}.${escapeIdentifier(ask.table)} (${names(ask.columns)}) from stdin with (${options.join(", ")})`;
}

/** Where in a file an error lies: the server says so in its context, in every language by the same number and name. */
export function placeIn(
  context: string,
  table: string,
  columns: readonly string[],
): { readonly line?: number; readonly column?: string } {
  // "COPY order_2024, line 3, column total: …": the table's own digits are no line.
  const about = context.split("\n").find((line) => line.startsWith("COPY ")) ?? context;
  const rest = about.startsWith(`COPY ${table}`) ? about.slice(`COPY ${table}`.length) : about;
  const number = /\d+/.exec(rest);
  if (number === null) return {};
  const after = rest.slice(number.index + number[0].length);
  return { line: Number(number[0]), ...columnIn(after, columns) };
}

/** The name that stands first in a text, the longest where several begin there. */
function columnIn(text: string, columns: readonly string[]): { readonly column?: string } {
  let found: { readonly at: number; readonly name: string } | undefined;
  for (const name of columns) {
    const at = wordAt(text, name);
    if (at < 0) continue;
    if (found === undefined || at < found.at || (at === found.at && name.length > found.name.length))
      found = { at, name };
  }
  return found === undefined ? {} : { column: found.name };
}

function wordAt(text: string, name: string): number {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text[at + name.length] ?? " ";
    if (!/[\p{L}\p{N}_]/u.test(before) && !/[\p{L}\p{N}_]/u.test(after)) return at;
  }
  return -1;
}

function literal(text: string): string {
  return escapeLiteral(text).trim();
}
