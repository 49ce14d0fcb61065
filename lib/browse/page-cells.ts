import "server-only";
import type { QueryRow } from "#lib/session/query-answer.ts";
import { type PagedTable, shownColumns, valueStart } from "./page-query.ts";
import type {
  ColumnFacts,
  PageMark,
  PageOrder,
  RowIdentity,
  TableFacts,
  TablePage,
  Value,
} from "./shapes.ts";

/** Rows of a page as `pageRows` asks for them, and what is around them. */
export interface PageRows {
  readonly rows: readonly QueryRow[];
  /** Columns that were sent whole, however long. */
  readonly whole: ReadonlySet<string>;
  readonly order: PageOrder;
  readonly before: PageMark | null;
  readonly after: PageMark | null;
  /** Null: not counted on the way. */
  readonly position: TablePage["position"];
}

/** The values that are shown, cut where they are long, and which row each one belongs to. */
export function shownPage(
  facts: readonly ColumnFacts[],
  table: PagedTable,
  { rows: raw, whole }: Pick<PageRows, "rows" | "whole">,
): Pick<TablePage, "columns" | "rows" | "identities" | "cut"> {
  const columns = shownColumns(table);
  const cut: { row: number; column: number; length: number }[] = [];
  const rows = raw.map((values, row) => {
    const lengths = lengthsIn(values[columns.length] ?? null);
    return columns.map(({ long, name }, column): Value => {
      const value = values[column] ?? null;
      const isWhole = long === "no" || whole.has(name);
      const length = isWhole ? lengthOf(value) : (lengths.shift() ?? null);
      if (value === null || length === null) return value;
      if (length <= (long === "bytes" && !isWhole ? valueStart / 2 : valueStart)) return value;
      cut.push({ row, column, length });
      return long === "bytes" && !isWhole ? value : startOf(value);
    });
  });
  return {
    columns: shownColumns({ columns: facts }).map(columnFacts),
    rows,
    identities: raw.map((values) => identityIn(table, values)),
    cut,
  };
}

/** A relation as it is told: without what only its statements need. */
export function shownFacts({ schema, name, kind, comment, columns, key, estimate }: TableFacts): TableFacts {
  return { schema, name, kind, comment, columns: columns.map(columnFacts), key, estimate };
}

function columnFacts({
  name,
  type,
  numeric,
  notNull,
  default: preset,
  generated,
  comment,
  labels,
  readable,
}: ColumnFacts): ColumnFacts {
  return { name, type, numeric, notNull, default: preset, generated, comment, labels, readable };
}

function identityIn(table: PagedTable, values: QueryRow): RowIdentity {
  const columns = shownColumns(table);
  const [version = null, tableoid = null, ctid = null] = values.slice(columns.length + 1);
  return {
    key: table.key?.map((column) => values[columns.findIndex(({ name }) => name === column)] ?? null) ?? null,
    place: tableoid === null || ctid === null ? null : { tableoid, ctid },
    version,
  };
}

/** `{12,NULL,4097}`. */
function lengthsIn(array: string | null): (number | null)[] {
  if (array === null) return [];
  return array
    .slice(1, -1)
    .split(",")
    .map((text) => (text === "NULL" ? null : Number(text)));
}

/** Characters; counted only where there may be too many. */
function lengthOf(value: Value): number | null {
  if (value === null || value.length <= valueStart) return value?.length ?? null;
  return [...value].length;
}

function startOf(value: string): string {
  return [...value.slice(0, 2 * valueStart)].slice(0, valueStart).join("");
}
