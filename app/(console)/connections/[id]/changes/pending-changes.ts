import type { ColumnFacts, RowIdentity, Value } from "#lib/browse/shapes.ts";
import type { Cell, CellChange, ChangeSet, Conflict, SeenRow } from "#lib/change/shapes.ts";
import { randomId } from "#lib/random-id.ts";
import type { TableName } from "../place.ts";

/** A row that is there, as its page showed it. */
export interface ShownRow {
  readonly row: RowIdentity;
  readonly seen: SeenRow;
}

/** One row that is to be changed. `name` tells it from the others, whatever page is in sight. */
export type PendingRow =
  | (ShownRow & {
      readonly kind: "update";
      readonly name: string;
      readonly cells: readonly CellChange[];
    })
  /** What was typed before stays, and comes back where the row is to stay after all. */
  | (ShownRow & {
      readonly kind: "delete";
      readonly name: string;
      readonly cells: readonly CellChange[];
    })
  | { readonly kind: "insert"; readonly name: string; readonly cells: readonly CellChange[] };

/** What is to be changed in one table, and has not been. */
export interface PendingChanges {
  /** By `randomId()`: of the set as it is now. Asked again with it, the server does nothing twice. */
  readonly id: string;
  /** The columns that `seen` holds, in their order. */
  readonly columns: readonly string[];
  /** Names of what a row's key holds; null: rows are found by their place. */
  readonly key: readonly string[] | null;
  readonly rows: readonly PendingRow[];
  /** It was asked to be applied, and no answer has come: nobody here knows whether it was. */
  readonly asked?: true;
}

export function noChanges(columns: readonly string[], key: readonly string[] | null): PendingChanges {
  return { id: randomId(), columns, key, rows: [] };
}

/** @returns undefined for a row that nothing finds again */
export function rowName({ key, place }: RowIdentity): string | undefined {
  const by = key ?? place;
  return by === null ? undefined : JSON.stringify(by);
}

export function pendingRow(pending: PendingChanges, name: string | undefined): PendingRow | undefined {
  return name === undefined ? undefined : pending.rows.find((row) => row.name === name);
}

/** What a cell is to become; undefined where it stays. */
export function pendingCell(row: PendingRow | undefined, column: string): Cell | undefined {
  return row?.cells.find((cell) => cell.column === column)?.value;
}

/** A value, NULL and DEFAULT are three things; two DEFAULTs are one. */
export function sameCell(one: Cell | undefined, other: Cell | undefined): boolean {
  return isDefault(one) ? isDefault(other) : one === other;
}

export function isDefault(cell: Cell | undefined): cell is { readonly default: true } {
  return typeof cell === "object" && cell !== null;
}

/**
 * Cells of a row that is there become something else. What is as it was seen is no change; a row that is to be deleted
 * stays as it is.
 * @param given with `was`, what is stored now, where that is known whole
 */
export function changeRow(
  pending: PendingChanges,
  shown: ShownRow,
  given: readonly (CellChange & { readonly was: Value | undefined })[],
): PendingChanges {
  const name = rowName(shown.row);
  const before = pendingRow(pending, name);
  if (name === undefined || before?.kind === "delete") return pending;
  let cells: readonly CellChange[] = before?.cells ?? [];
  for (const { column, value, was } of given) {
    cells = withCell(cells, column, was !== undefined && sameCell(value, was) ? undefined : value);
  }
  if (cells.length === 0) return before === undefined ? pending : without(pending, [name]);
  if (before !== undefined) return put(pending, { ...before, cells });
  return edited(pending, [...pending.rows, { kind: "update", name, ...shown, cells }]);
}

/** Cells of a new row; undefined: what it has by default. */
export function changeNewRow(
  pending: PendingChanges,
  name: string,
  given: readonly { readonly column: string; readonly value: Cell | undefined }[],
): PendingChanges {
  const before = pendingRow(pending, name);
  if (before?.kind !== "insert") return pending;
  let { cells } = before;
  for (const { column, value } of given) {
    cells = withCell(cells, column, isDefault(value) ? undefined : value);
  }
  return put(pending, { ...before, cells });
}

/** Takes back what was typed in one cell. */
export function undoCell(pending: PendingChanges, name: string, column: string): PendingChanges {
  const row = pendingRow(pending, name);
  if (row === undefined || pendingCell(row, column) === undefined || row.kind === "delete") return pending;
  const cells = withCell(row.cells, column, undefined);
  return cells.length === 0 && row.kind === "update"
    ? without(pending, [name])
    : put(pending, { ...row, cells });
}

/** Lets go of what is to become of rows. */
export function dropRows(pending: PendingChanges, names: readonly string[]): PendingChanges {
  return without(pending, names);
}

/** Marks rows to be deleted; where all of them are marked already, they stay. A row that can't be found is left alone. */
export function toggleDeleted(pending: PendingChanges, rows: readonly ShownRow[]): PendingChanges {
  const found = rows.filter(({ row }) => rowName(row) !== undefined);
  const marked = found.filter(({ row }) => pendingRow(pending, rowName(row))?.kind === "delete");
  if (found.length === 0) return pending;
  let next = pending;
  for (const shown of marked.length === found.length ? marked : found) {
    const name = rowName(shown.row) ?? "";
    const before = pendingRow(next, name);
    if (before === undefined) next = put(next, { kind: "delete", name, ...shown, cells: [] });
    else if (before.kind === "update") next = put(next, { ...before, kind: "delete" });
    else if (before.kind === "delete" && marked.length === found.length) {
      next = before.cells.length === 0 ? without(next, [name]) : put(next, { ...before, kind: "update" });
    }
  }
  return next;
}

/** @returns also the name of the new row */
export function addRow(
  pending: PendingChanges,
  cells: readonly CellChange[] = [],
): readonly [PendingChanges, string] {
  const name = randomId();
  return [edited(pending, [...pending.rows, { kind: "insert", name, cells }]), name];
}

/**
 * What a copy of a row begins with: what can be typed and is known whole. Columns of the key that have a default, or are
 * numbered by the server, keep that: a copy of a key would be refused.
 * @returns also the columns that were left out because only their beginning is known
 */
export function copiedCells(
  columns: readonly ColumnFacts[],
  { seen }: Pick<ShownRow, "seen">,
  before: PendingRow | undefined,
  { takes, key }: { readonly takes: (column: string) => boolean; readonly key: readonly string[] | null },
): { readonly cells: readonly CellChange[]; readonly left: readonly string[] } {
  const cut = new Set(seen.cut.map(({ column }) => column));
  const cells: CellChange[] = [];
  const left: string[] = [];
  columns.forEach(({ name, generated, default: preset }, index) => {
    if (!takes(name) || generated !== null || (preset !== null && key?.includes(name))) return;
    const typed = pendingCell(before, name);
    if (typed === undefined && cut.has(index)) left.push(name);
    else if (!isDefault(typed))
      cells.push({ column: name, value: typed === undefined ? (seen.values[index] ?? null) : typed });
  });
  return { cells, left };
}

/** How a person settles a conflict: theirs where both changed, one's own over it, or not to change the row at all. */
export type Settling = "theirs" | "mine" | "drop";

export function settle(
  pending: PendingChanges,
  name: string,
  conflict: Conflict,
  how: Settling,
): PendingChanges {
  const row = pendingRow(pending, name);
  if (row === undefined || row.kind === "insert" || how === "drop") return without(pending, [name]);
  const { now, identity } = conflict;
  if (now === null || identity === null || rowName(identity) !== name) return without(pending, [name]);
  if (how === "mine") return put(pending, { ...row, row: identity, seen: now });
  if (row.kind === "delete") return without(pending, [name]);
  const theirs = new Set(changedColumns(pending.columns, row.seen, now));
  const cells = row.cells.filter(({ column }) => !theirs.has(column));
  return cells.length === 0
    ? without(pending, [name])
    : put(pending, { ...row, row: identity, seen: now, cells });
}

/** Columns whose values differ; of a cut value, as far as it is known. */
export function changedColumns(columns: readonly string[], was: SeenRow, now: SeenRow): readonly string[] {
  const length = (row: SeenRow, at: number) => row.cut.find(({ column }) => column === at)?.length;
  return columns.filter((_, at) => was.values[at] !== now.values[at] || length(was, at) !== length(now, at));
}

/** What the server is asked; a row that is found by its place is told with what was seen of it. */
export function changeSetOf(
  { id, key, rows }: PendingChanges,
  { schema, table }: TableName,
  rev: number,
): ChangeSet {
  return {
    schema,
    table,
    rev,
    id,
    key,
    changes: rows.map((pending) => {
      if (pending.kind === "insert") return { kind: "insert", cells: pending.cells };
      const { row, seen, cells } = pending;
      const found = row.key === null ? { row, seen } : { row };
      return pending.kind === "delete" ? { kind: "delete", ...found } : { kind: "update", ...found, cells };
    }),
  };
}

/** The set under another id: what is asked next is not what was answered. */
export function renewed(pending: PendingChanges): PendingChanges {
  return edited(pending, pending.rows);
}

function withCell(
  cells: readonly CellChange[],
  column: string,
  value: Cell | undefined,
): readonly CellChange[] {
  const at = cells.findIndex((cell) => cell.column === column);
  if (value === undefined) return at < 0 ? cells : cells.toSpliced(at, 1);
  const cell = { column, value };
  return at < 0 ? [...cells, cell] : cells.with(at, cell);
}

function put(pending: PendingChanges, row: PendingRow): PendingChanges {
  const at = pending.rows.findIndex(({ name }) => name === row.name);
  return edited(pending, at < 0 ? [...pending.rows, row] : pending.rows.with(at, row));
}

function without(pending: PendingChanges, names: readonly string[]): PendingChanges {
  const gone = new Set(names);
  return edited(
    pending,
    pending.rows.filter(({ name }) => !gone.has(name)),
  );
}

function edited({ columns, key }: PendingChanges, rows: readonly PendingRow[]): PendingChanges {
  return { id: randomId(), columns, key, rows };
}
