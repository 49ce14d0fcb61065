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
  const into = isStaged(ask) ? stage : targetOf(ask);
  return `copy ${into} (${names(fileColumns(ask))}) from stdin with (${options.join(", ")})`;
}

/** COPY takes every column of a file: where one is left out, the rows come by way of a table of the transaction's own. */
export function isStaged({ columns }: Pick<AskedImport, "columns">): boolean {
  return columns.includes(null);
}

/** The name that the server gives in its context to what the COPY fills. */
export function copiedTable(ask: AskedImport): string {
  return isStaged(ask) ? stageName : ask.table;
}

/** Makes that table: each column has the type of the one that it is for, so that COPY refuses what that would. */
export function stageSql(ask: AskedImport): string {
  const columns = fileColumns(ask).map((name, index) =>
    ask.columns[index] === null ? `null::text as ${escapeIdentifier(name)}` : escapeIdentifier(name),
  );
  return `create temporary table ${escapeIdentifier(stageName)} on commit drop as select ${columns.join(", ")} from ${targetOf(ask)} with no data`;
}

/** Brings its rows where they belong. An identity takes what the file has, as it does of COPY. */
export function fromStage(ask: AskedImport): string {
  const names = ask.columns.flatMap((name) => (name === null ? [] : [escapeIdentifier(name)])).join(", ");
  return `insert into ${targetOf(ask)} (${names}) overriding system value select ${names} from ${stage}`;
}

const stageName = "cloak-db import";
const stage = `pg_temp.${escapeIdentifier(stageName)}`;

function targetOf({ schema, table }: AskedImport): string {
  return `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;
}

/** A name for each column of the file: those that are left out have one that no other has. */
function fileColumns({ columns }: Pick<AskedImport, "columns">): readonly string[] {
  const taken = new Set(columns);
  let number = 0;
  return columns.map((name) => {
    if (name !== null) return name;
    do number += 1;
    while (taken.has(`left out ${number}`));
    return `left out ${number}`;
  });
}

/** Where in a file an error lies: the server says so in its context, in every language by the same number and name. */
export function placeIn(
  context: string,
  table: string,
  columns: readonly (string | null)[],
): { readonly line?: number; readonly column?: string } {
  // "COPY order_2024, line 3, column total: …": the table's own digits are no line.
  const about = context.split("\n").find((line) => line.startsWith("COPY ")) ?? context;
  const rest = about.startsWith(`COPY ${table}`) ? about.slice(`COPY ${table}`.length) : about;
  const number = /\d+/.exec(rest);
  if (number === null) return {};
  const after = rest.slice(number.index + number[0].length);
  const named = columns.filter((name) => name !== null);
  return { line: Number(number[0]), ...columnIn(after, named) };
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
