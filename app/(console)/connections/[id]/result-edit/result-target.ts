import type { ResultTable } from "#lib/browse/shapes.ts";
import type { Cell, Column } from "#lib/session/run-events.ts";
import type { TableName } from "../place.ts";

/** A table whose rows the rows of a result are, each of them once. */
export interface ResultTarget {
  readonly table: TableName;
  readonly key: readonly string[];
  /** Of each column of the result, which of the table's it is. */
  readonly columns: readonly (string | undefined)[];
}

/** Why rows of a table cannot be changed in a result. The words are `changes.result.why`. */
export interface WhyNotTarget {
  readonly why: "temporary" | "kind" | "no-key" | "twice" | "repeated" | "key-missing";
  readonly table: string;
  /** The columns of the key that the result lacks. */
  readonly missing: readonly string[];
}

/**
 * Which tables can be changed in a result: those whose whole key is in it, and no row of which stands in it twice. A row
 * that an outer join has not found has no key, and is nobody's.
 * @returns the targets, and of every other table why it is none
 */
export function resultTargets(
  columns: readonly Column[],
  tables: readonly ResultTable[],
  rows: readonly (readonly Cell[])[],
): { readonly targets: readonly ResultTarget[]; readonly others: readonly WhyNotTarget[] } {
  const found = tables.map((table) => targetOf(columns, table, rows));
  return {
    targets: found.filter((one): one is ResultTarget => "key" in one),
    others: found.filter((one): one is WhyNotTarget => "why" in one),
  };
}

function targetOf(
  columns: readonly Column[],
  { oid, schema, name, kind, temporary, key, columns: own }: ResultTable,
  rows: readonly (readonly Cell[])[],
): ResultTarget | WhyNotTarget {
  const table = `${schema}.${name}`;
  const not = (why: WhyNotTarget["why"], missing: readonly string[] = []) => ({ why, table, missing });
  if (temporary) return not("temporary");
  if (kind !== "table" && kind !== "partitioned") return not("kind");
  if (key === null) return not("no-key");
  const names = columns.map(({ from }) =>
    from?.table === oid ? own.find(({ number }) => number === from.column)?.name : undefined,
  );
  const given = names.filter((one) => one !== undefined);
  // A table that is joined to itself, say: which of its rows a column is of, nobody tells.
  if (new Set(given).size < given.length) return not("twice");
  const missing = key.filter((one) => !names.includes(one));
  if (missing.length > 0) return not("key-missing", missing);
  const target = { table: { schema, table: name }, key, columns: names };
  const keys = rows.flatMap((row) => keyIn(target, row) ?? []);
  return new Set(keys).size < keys.length ? not("repeated") : target;
}

/** What tells a row of the result from the others; undefined where it is no row of the table. */
export function keyIn({ key, columns }: ResultTarget, row: readonly Cell[]): string | undefined {
  const values = key.map((name) => row[columns.indexOf(name)] ?? null);
  return values.includes(null) ? undefined : JSON.stringify(values);
}
