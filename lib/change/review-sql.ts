import type { Cell, ChangeSet, RowChange } from "./shapes.ts";

/**
 * Each change as a statement to be looked at, in the order of the set: what is asked of the server, with its values
 * written out as literals that mean exactly them whatever `standard_conforming_strings` is.
 */
export function reviewSql(set: Pick<ChangeSet, "schema" | "table" | "key" | "changes">): readonly string[] {
  return set.changes.map((change) => reviewOf(set, change));
}

function reviewOf({ schema, table, key }: Pick<ChangeSet, "schema" | "table" | "key">, change: RowChange) {
  const relation = quotedNames(schema, table);
  if (change.kind === "insert") {
    if (change.cells.length === 0) return `INSERT INTO ${relation} DEFAULT VALUES`;
    const columns = change.cells.map(({ column }) => quotedNames(column)).join(", ");
    return `INSERT INTO ${relation} (${columns})\nVALUES (${change.cells.map(({ value }) => cellLiteral(value)).join(", ")})`;
  }
  const { place, version } = change.row;
  const byKey = (key ?? []).map(
    (column, index) => `${quotedNames(column)} = ${cellLiteral(change.row.key?.[index] ?? null)}`,
  );
  const byPlace =
    place === null ? [] : [`tableoid = ${literal(place.tableoid)}`, `ctid = ${literal(place.ctid)}`];
  const isHash = version !== null && version.length > 10;
  const asSeen = isHash
    ? `md5(${quotedNames(table)}::text) = ${literal(version)}`
    : version === null
      ? null
      : `xmin = ${literal(version)}`;
  const where = [...(key === null ? byPlace : byKey), ...(asSeen === null ? [] : [asSeen])].join("\n  AND ");
  if (change.kind === "delete") return `DELETE FROM ${relation}\nWHERE ${where}`;
  const cells = change.cells.map(({ column, value }) => `${quotedNames(column)} = ${cellLiteral(value)}`);
  return `UPDATE ${relation}\nSET ${cells.join(", ")}\nWHERE ${where}`;
}

/** Names in quotes, joined by dots. */
export function quotedNames(...names: readonly string[]): string {
  return names.map((name) => `"${name.replaceAll('"', '""')}"`).join(".");
}

export function cellLiteral(cell: Cell): string {
  if (cell === null) return "NULL";
  return typeof cell === "string" ? literal(cell) : "DEFAULT";
}

/** A backslash is written as an escape, since what it means in plain quotes is a setting's to say. */
function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}
