import "server-only";
import { escapeLiteral } from "pg";
import type { BrowsedTable } from "#lib/browse/browsed-table.ts";
import { columnOf, narrowed, orderBy, type PagedTable, tableOf } from "#lib/browse/page-query.ts";
import { joined, type Sql, sql } from "#lib/browse/sql-text.ts";
import { tokens } from "#lib/sql/tokens.ts";
import type { AskedExport, ExportedTable } from "./ask.ts";

/** The rows of a table as they are asked for. COPY takes no parameters: values stand in it as literals. */
export function tableRows(table: PagedTable, ask: ExportedTable, columns: readonly string[]): string {
  const names = columns.map((column) => columnOf(table, column));
  return inlined(
    sql`select ${joined(names, ", ")} from ${tableOf(table)} where ${narrowed(table, ask)}${orderBy(table, ask.sort)}`,
  );
}

/** The columns that are exported: those asked for that may be read, in the order they were asked for. */
export function exportedColumns({ columns }: BrowsedTable, wanted: readonly string[] | undefined) {
  const readable = columns.filter((column) => column.readable);
  if (wanted === undefined) return readable;
  return wanted.flatMap((name) => readable.find((column) => column.name === name) ?? []);
}

/**
 * `COPY` of a statement that was found to be one by itself, see `describeAlone`. The line feed ends a comment to the end of
 * the line.
 */
export function copyOf(statement: string, ask: Pick<AskedExport, "format" | "header" | "nullText">): string {
  return `copy (\n${statement}\n) to stdout${copyOptions(ask)}`;
}

function copyOptions({
  format,
  header,
  nullText,
}: Pick<AskedExport, "format" | "header" | "nullText">): string {
  if (format === "copy") return "";
  const options = [
    "format csv",
    ...(header ? ["header true"] : []),
    ...(format === "tsv" ? ["delimiter E'\\t'"] : []),
    ...(nullText === "" ? [] : [`null ${escapeLiteral(nullText)}`]),
  ];
  return ` with (${options.join(", ")})`;
}

/** Whether COPY takes a statement: queries alone. For others, such as SHOW, the rows are written here. */
export function copyTakes(statement: string): boolean {
  for (const token of tokens(statement)) {
    const word = statement.slice(token.start, token.end).toLowerCase();
    if (token.kind === "comment" || word === "(") continue;
    return ["select", "with", "values", "table"].includes(word);
  }
  return false;
}

/** Written with its values in it, each as the literal that stands for it whatever `standard_conforming_strings` says. */
function inlined({ parts }: Sql): string {
  return parts
    .map((part) => {
      if (typeof part === "string") return part;
      if ("value" in part) return part.value === null ? "NULL" : ` ${escapeLiteral(part.value).trim()}`;
      return inlined(part.sql);
    })
    .join("");
}
