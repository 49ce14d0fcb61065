import "server-only";
import { escapeIdentifier, escapeLiteral } from "pg";
import { isPlainNumber, type RowSource, type ValueKind, valueKind } from "./row-source.ts";
import { toldApart } from "./told-apart.ts";

/** Where the rows of an SQL file go. */
export interface SqlTarget {
  readonly schema: string | null;
  readonly table: string;
  /** One of the columns is an identity that takes no value otherwise. */
  readonly overrides: boolean;
}

/** Rows one statement brings: enough that its frame costs nothing, few enough that any client takes it. */
const rowsEach = 500;

/**
 * INSERT statements. Values are literals without a type, which the server reads as the column's; those with a backslash are
 * written so that they mean the same whatever `standard_conforming_strings` is.
 */
export async function* asInserts(
  { fields, batches }: RowSource,
  target: SqlTarget,
): AsyncGenerator<Buffer, void, void> {
  const kinds = fields.map(valueKind);
  const overriding = target.overrides ? " overriding system value" : "";
  const start = `insert into ${nameOf(target)}${columnList(fields.map(({ name }) => name))}${overriding} values\n`;
  if (fields.length === 0) {
    // VALUES holds one column at least.
    const each = `insert into ${nameOf(target)} default values;\n`;
    for await (const rows of batches) yield Buffer.from(each.repeat(rows.length));
    return;
  }
  let written = 0;
  for await (const rows of batches) {
    let text = "";
    for (const row of rows) {
      const values = row.map((value, index) => literal(value ?? null, kinds[index] ?? "text"));
      text += `${written % rowsEach === 0 ? (written === 0 ? start : `;\n${start}`) : ",\n"}(${values.join(", ")})`;
      written += 1;
    }
    yield Buffer.from(text);
  }
  if (written > 0) yield Buffer.from(";\n");
}

/** The line that a script's COPY begins with; its data ends with `copyEnd`. */
export function copyStart(columns: readonly string[], target: SqlTarget): string {
  return `copy ${nameOf(target)}${columnList(columns)} from stdin;\n`;
}

export const copyEnd = "\\.\n";

/** Of a table without columns there is no list; a name that stands in it twice would be refused. */
function columnList(names: readonly string[]): string {
  return names.length === 0
    ? ""
    : ` (${toldApart(names)
        .map((name) => escapeIdentifier(name))
        .join(", ")})`;
}

function nameOf({ schema, table }: SqlTarget): string {
  return [...(schema === null ? [] : [schema]), table].map((name) => escapeIdentifier(name)).join(".");
}

function literal(value: string | null, kind: ValueKind): string {
  if (value === null) return "NULL";
  // Without quotes the server would take the minus off an integer's zero, which has none.
  if (kind === "number" && isPlainNumber(value) && value !== "-0") return value;
  if (kind === "boolean") return value === "t" ? "true" : "false";
  return escapeLiteral(value).trim();
}
