import "server-only";
import type { RowIdentity, Value } from "#lib/browse/shapes.ts";
import type { ChangedTable } from "./change-sql.ts";
import { cellLiteral, quotedNames } from "./review-sql.ts";
import type { RowChange } from "./shapes.ts";

/** One change that was done: what the row was, every value whole, and by what it is found now. */
export interface DoneChange {
  readonly change: RowChange;
  /** By column. Empty for a new row. */
  readonly before: ReadonlyMap<string, Value>;
  /** Null for a row that was deleted, or that nothing finds. */
  readonly now: Omit<RowIdentity, "version"> | null;
}

/** What a tab of SQL takes. */
export const longestUndo = 1_000_000;

/**
 * The inverse statements, the last change first. What triggers have done beside it they may undo, or not.
 * @returns null where it is longer than a tab takes, or a row cannot be found again
 */
export function undoSql(table: ChangedTable, done: readonly DoneChange[]): string | null {
  const statements = [...done].reverse().map((one) => inverse(table, one));
  if (statements.includes(null)) return null;
  const text = statements.map((one) => `${one};\n`).join("");
  return text.length > longestUndo ? null : text;
}

function inverse(table: ChangedTable, { change, before, now }: DoneChange): string | null {
  const relation = quotedNames(table.schema, table.name);
  if (change.kind === "delete") {
    const columns = table.columns.filter(
      ({ name, generated }) => before.has(name) && generated !== "stored" && generated !== "virtual",
    );
    const overriding = columns.some(({ generated }) => generated === "identity-always")
      ? " OVERRIDING SYSTEM VALUE"
      : "";
    const names = columns.map(({ name }) => quotedNames(name)).join(", ");
    const values = columns.map(({ name }) => cellLiteral(before.get(name) ?? null)).join(", ");
    return `INSERT INTO ${relation} (${names})${overriding} VALUES (${values})`;
  }
  const where = now === null ? null : found(table, now);
  if (where === null) return null;
  if (change.kind === "insert") return `DELETE FROM ${relation} WHERE ${where}`;
  const cells = change.cells.map(
    ({ column }) => `${quotedNames(column)} = ${cellLiteral(before.get(column) ?? null)}`,
  );
  return `UPDATE ${relation} SET ${cells.join(", ")} WHERE ${where}`;
}

function found({ key, columns }: ChangedTable, now: Omit<RowIdentity, "version">): string | null {
  if (key !== null && now.key !== null)
    return key
      .map((name, index) => {
        const cast = columns.find((column) => column.name === name)?.cast ?? "";
        // A literal takes the type of the column by itself, but for a composite one.
        const type = cast.includes(".") ? `::${cast}` : "";
        return `${quotedNames(name)} = ${cellLiteral(now.key?.[index] ?? null)}${type}`;
      })
      .join(" AND ");
  if (now.place === null) return null;
  return `tableoid = ${cellLiteral(now.place.tableoid)} AND ctid = ${cellLiteral(now.place.ctid)}`;
}
