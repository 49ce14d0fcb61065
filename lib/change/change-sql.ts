import "server-only";
import type { BrowsedColumn } from "#lib/browse/browsed-table.ts";
import {
  columnOf,
  type PagedTable,
  pageRows,
  shownColumns,
  tableOf,
  valueStart,
} from "#lib/browse/page-query.ts";
import type { RowIdentity, Value } from "#lib/browse/shapes.ts";
import { bound, built, joined, named, plain, type Sql, sql } from "#lib/browse/sql-text.ts";
import type { CellChange, RowChange, SeenRow } from "./shapes.ts";

/** A relation as its changes need it; `key`: by what its rows are found, of a view what the person named. */
export type ChangedTable = Omit<PagedTable, "columns"> & { readonly columns: readonly BrowsedColumn[] };

export interface RowWanted {
  readonly row: RowIdentity;
  readonly seen?: SeenRow | undefined;
}

/**
 * One change as a statement. Names are quoted, with their schema and never ONLY, since a partition's row is the table's.
 * Values are bound and never cast: the server infers the column's own type and so checks its length, where a cast to
 * `varchar(3)` would cut in silence. Operators are told by their schema: what the person's search path shows is for
 * triggers and defaults alone. It returns what finds the row next.
 * @param mayBeOwn the row is locked since it was seen: another version of it is this transaction's own doing
 */
export function changeSql(table: ChangedTable, change: RowChange, mayBeOwn: boolean): Sql {
  const returning = sql` returning ${joined(returned(table), ", ")}`;
  switch (change.kind) {
    case "insert":
      return sql`insert into ${tableOf(table)} ${inserted(change.cells)}${returning}`;
    case "delete":
      return sql`delete from ${tableOf(table)} where ${sameRow(table, change, mayBeOwn)}${returning}`;
    case "update": {
      const cells = change.cells.map((cell) => sql`${named(cell.column)} = ${cellSql(cell)}`);
      const set = joined(cells, ", ");
      return sql`update ${tableOf(table)} set ${set} where ${sameRow(table, change, mayBeOwn)}${returning}`;
    }
  }
}

/** What a change returns, told apart: the key, and where the row lies. */
export function returnedIdentity(table: ChangedTable, row: readonly Value[]): Omit<RowIdentity, "version"> {
  const key = table.key === null ? null : row.slice(0, table.key.length);
  const [tableoid = null, ctid = null] = row.slice(table.key?.length ?? 0);
  return { key, place: table.placed && tableoid !== null && ctid !== null ? { tableoid, ctid } : null };
}

/** The row in the version that was seen, as a page shows it. Of one that is locked no other version can come. */
export function seenRowSql(table: ChangedTable, wanted: RowWanted, lock: boolean): Sql {
  const rows = oneRowSql(table, sameRow(table, wanted, false), 2);
  return lock ? sql`${rows} for update` : rows;
}

/** The row as it is now, whatever its version; null where nothing finds it. */
export function rowNowSql(table: ChangedTable, row: Omit<RowIdentity, "version">): Sql | null {
  const place = whereItIs(table, row);
  return place === null ? null : oneRowSql(table, place, 1);
}

/** One whole value of the row that was seen. */
export function wholeValueSql(table: ChangedTable, wanted: RowWanted, column: string): Sql {
  return sql`select ${columnOf(table, column)} from ${tableOf(table)} where ${sameRow(table, wanted, false)}`;
}

/** Around the condition it is the same for every row of a table: written once, since a set may have a thousand of them. */
function oneRowSql(table: ChangedTable, condition: Sql, limit: 1 | 2): Sql {
  const known = written.get(table) ?? {};
  written.set(table, known);
  known[limit] ??= built(
    pageRows({ table, condition: plain(mark), order: sql``, limit, whole: new Set(table.key ?? []) }),
  ).text.split(mark);
  const [before = "", after = ""] = known[limit];
  return sql`${plain(before)}${condition}${plain(after)}`;
}

/** No name has it. */
const mark = "\0";
const written = new WeakMap<ChangedTable, { 1?: readonly string[]; 2?: readonly string[] }>();

function inserted(cells: readonly CellChange[]): Sql {
  if (cells.length === 0) return sql`default values`;
  const columns = joined(
    cells.map(({ column }) => named(column)),
    ", ",
  );
  return sql`(${columns}) values (${joined(cells.map(cellSql), ", ")})`;
}

function cellSql({ value }: CellChange): Sql {
  return value === null || typeof value === "string" ? bound(value) : sql`default`;
}

function returned(table: ChangedTable): readonly Sql[] {
  const key = (table.key ?? []).map((column) => columnOf(table, column));
  // `xmin` would be refused for some partitions (a row that was routed has none yet).
  const place = table.placed ? ["tableoid", "ctid"].map((column) => columnOf(table, column)) : [];
  return key.length + place.length === 0 ? [sql`null`] : [...key, ...place];
}

/** The row that was seen, in the version that was seen. */
function sameRow(table: ChangedTable, { row, seen }: RowWanted, mayBeOwn: boolean): Sql {
  const place = whereItIs(table, row) ?? sql`false`;
  const version = sameVersion(table, row.version, mayBeOwn);
  // Where a table was written anew (VACUUM FULL, CLUSTER), another row of the same transaction may lie at the place.
  const isNamed = table.key !== null;
  return isNamed
    ? sql`${place} and ${version}`
    : sql`${place} and ${version} and ${looksAsSeen(table, seen)}`;
}

function whereItIs(table: ChangedTable, { key, place }: Omit<RowIdentity, "version">): Sql | null {
  if (table.key !== null) {
    if (key?.length !== table.key.length) return null;
    return joined(
      table.key.map((name, index) => equal(table, name, key[index] ?? null)),
      " and ",
    );
  }
  if (place === null || !table.placed) return null;
  return sql`${columnOf(table, "tableoid")} operator(pg_catalog.=) ${bound(place.tableoid)}::pg_catalog.oid and ${columnOf(table, "ctid")} operator(pg_catalog.=) ${bound(place.ctid)}::pg_catalog.tid`;
}

function equal(table: ChangedTable, name: string, value: Value): Sql {
  const left = columnOf(table, name);
  const column = table.columns.find((one) => one.name === name);
  if (value === null) return sql`${left} is not distinct from null`;
  const operator = named(column?.operatorSchema ?? "pg_catalog");
  return sql`${left} operator(${operator}.=) ${bound(value)}::${plain(column?.cast ?? "pg_catalog.text")}`;
}

function sameVersion(table: ChangedTable, version: string | null, mayBeOwn: boolean): Sql {
  if (version === null) return sql`false`;
  if (table.version === "hash") {
    const columns = joined(
      shownColumns(table).map(({ name }) => columnOf(table, name)),
      ", ",
    );
    return sql`pg_catalog.md5(row(${columns})::pg_catalog.text) operator(pg_catalog.=) ${bound(version)}`;
  }
  const xmin = columnOf(table, "xmin");
  const same = sql`${xmin} operator(pg_catalog.=) ${bound(version)}::pg_catalog.xid`;
  if (!mayBeOwn) return same;
  return sql`(${same} or ${xmin} operator(pg_catalog.=) pg_catalog.pg_current_xact_id()::pg_catalog.xid)`;
}

/** Every value that was shown is still what the server would write; of one that was cut, its beginning and its length. */
function looksAsSeen(table: ChangedTable, seen: SeenRow | undefined): Sql {
  const columns = shownColumns(table);
  if (seen === undefined || seen.values.length !== columns.length) return sql`false`;
  const cut = new Map(seen.cut.map(({ column, length }) => [column, length]));
  const whole = columns.flatMap((column, index) =>
    cut.has(index)
      ? []
      : [{ left: columnOf(table, column.name), right: typed(column, seen.values[index] ?? null) }],
  );
  const started = [...cut].flatMap(([index, length]) => {
    const column = columns[index];
    return column === undefined ? [sql`false`] : [begins(table, column, seen.values[index] ?? null, length)];
  });
  const row = (sides: readonly Sql[]) => sql`row(${joined(sides, ", ")})::pg_catalog.text`;
  const same =
    whole.length === 0
      ? []
      : [
          sql`${row(whole.map(({ left }) => left))} operator(pg_catalog.=) ${row(whole.map(({ right }) => right))}`,
        ];
  return joined([sql`true`, ...same, ...started], " and ");
}

function typed({ cast }: BrowsedColumn, value: Value): Sql {
  return sql`${bound(value)}::${plain(cast)}`;
}

function begins(table: ChangedTable, column: BrowsedColumn, value: Value, length: number): Sql {
  const left = columnOf(table, column.name);
  const count = plain(String(length));
  // One that was sent whole, since pages are found by it, was cut as the text that it is.
  if (column.long === "bytes" && value?.length !== valueStart)
    return sql`pg_catalog.substring(${left}, 1, ${plain(String(valueStart / 2))})::pg_catalog.text operator(pg_catalog.=) ${bound(value)} and pg_catalog.octet_length(${left}) operator(pg_catalog.=) ${count}`;
  return sql`pg_catalog.left(${left}::pg_catalog.text, ${plain(String(valueStart))}) operator(pg_catalog.=) ${bound(value)} and pg_catalog.length(${left}::pg_catalog.text) operator(pg_catalog.=) ${count}`;
}
