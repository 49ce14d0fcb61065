import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import { type CatalogueConnection, query } from "#lib/session/query.ts";
import type { QueryRow } from "#lib/session/query-answer.ts";
import { statement } from "#lib/session/statement.ts";
import type { PageAsk } from "./ask.ts";
import { factsLimits } from "./browsed-table.ts";
import type { PageRows } from "./page-cells.ts";
import { blocks, columnOf, type PagedTable, pageRows, shownColumns } from "./page-query.ts";
import type { Reading, ReadTrouble, Rows } from "./reading.ts";
import type { PageMark, TablePage } from "./shapes.ts";
import { type Sql, sql } from "./sql-text.ts";

/** A table that rows lie in: the relation itself, a partition, a child. */
export interface StoragePart {
  readonly tableoid: string;
  readonly blocks: number;
}

/** Where the rows of a relation lie, in the order they are shown; what is empty is left out. Throws when the connection is gone. */
export async function storageParts(
  connection: CatalogueConnection,
  oid: string,
): Promise<readonly StoragePart[]> {
  const answer = await query(connection, statement(partsQuery, oid), factsLimits);
  if (!answer.ok) return [{ tableoid: oid, blocks: 0 }];
  return answer.value.map(([tableoid, size]) => ({ tableoid: tableoid ?? oid, blocks: Number(size) }));
}

const partsQuery = `
with recursive part as (
  select $1::oid as oid union select i.inhrelid from part join pg_inherits i on i.inhparent = part.oid
)
select c.oid, pg_relation_size(c.oid) / current_setting('block_size')::int8
  from part join pg_class c on c.oid = part.oid
 where c.relkind <> 'p' and pg_relation_size(c.oid) > 0 order by c.oid`;

export interface StorageAsk {
  readonly reading: Reading;
  readonly table: PagedTable;
  readonly parts: readonly StoragePart[];
  readonly condition: Sql;
  readonly isNarrowed: boolean;
  readonly at: PageAsk["at"];
  readonly size: number;
  /** Rows in all, about. */
  readonly rows: number | null;
}

/**
 * One page of a table without a key, as its rows lie: whole blocks, so that a page ends where the next one begins though
 * rows have no order of their own. About `size` rows; more where one block holds more. A TID range scan reads it,
 * nothing is sorted (`order by ctid` over the whole: 264 ms on a million rows, a range 3.5 ms); with a filter an index
 * may find the rows, so that those are ordered.
 */
export async function pageOfStorage(ask: StorageAsk): Promise<Result<PageRows, ReadTrouble>> {
  const { at, parts } = ask;
  const mark = "mark" in at && at.mark.by === "storage" ? at.mark : null;
  const index = mark === null ? -1 : parts.findIndex(({ tableoid }) => tableoid === mark.tableoid);
  const start = mark === null || index < 0 ? null : { index, block: mark.block, counted: mark.rows };
  const isBackward = at.to === "last" || (at.to === "before" && start !== null);
  const found = isBackward ? await backward(ask, start) : await forward(ask, start);
  if (!found.ok) return found;
  const { rows, before, after } = found.value;
  if (rows.length === 0 && at.to === "from") return pageOfStorage({ ...ask, at: { to: "last" } });
  const isStart = before === null;
  const counted = isStart
    ? 0
    : start?.counted === undefined
      ? undefined
      : isBackward
        ? Math.max(0, start.counted - rows.length)
        : start.counted;
  const withRows = (place: Place | null, passed: number): PageMark | null =>
    place === null
      ? null
      : {
          by: "storage",
          block: place.block,
          tableoid: parts[place.index]?.tableoid ?? "0",
          ...(counted === undefined ? {} : { rows: counted + passed }),
        };
  return ok({
    rows,
    whole: new Set(),
    order: { by: "storage" },
    before: withRows(before, 0),
    after: withRows(after, rows.length),
    position: counted === undefined ? placed(ask, before) : { rows: counted, exact: true },
  });
}

/** A block of one of the parts. */
interface Place {
  readonly index: number;
  readonly block: number;
}

interface Found {
  readonly rows: readonly QueryRow[];
  readonly before: Place | null;
  readonly after: Place | null;
}

async function forward(ask: StorageAsk, start: Place | null): Promise<Result<Found, ReadTrouble>> {
  const { parts, size } = ask;
  const from = start ?? { index: 0, block: 0 };
  const before = from.index === 0 && from.block === 0 ? null : from;
  const rows: QueryRow[] = [];
  for (let index = from.index; index < parts.length; index += 1) {
    const first = index === from.index ? from.block : 0;
    const limit = size + 1 - rows.length;
    const part = await read(ask, { index, from: first, before: null, order: "up", limit });
    if (!part.ok) return part;
    const { rows: found, short } = part.value;
    if (found.length < limit && !short) {
      rows.push(...found);
      continue;
    }
    const block = blockOf(ask.table, found.at(-1));
    rows.push(...found.filter((row) => blockOf(ask.table, row) < block));
    if (rows.length > 0) return ok({ rows, before, after: { index, block } });
    const whole = await read(ask, { index, from: block, before: block + 1, order: "up", limit: null });
    if (!whole.ok) return whole;
    const isLast = index === parts.length - 1 && block + 1 >= (parts[index]?.blocks ?? 0);
    return ok({ rows: whole.value.rows, before, after: isLast ? null : { index, block: block + 1 } });
  }
  return ok({ rows, before, after: null });
}

async function backward(ask: StorageAsk, start: Place | null): Promise<Result<Found, ReadTrouble>> {
  const { parts, size, table } = ask;
  const rows: QueryRow[] = [];
  const last = parts.length - 1;
  for (let index = start?.index ?? last; index >= 0; index -= 1) {
    const end = index === start?.index ? start.block : Math.max(1, parts[index]?.blocks ?? 0);
    const limit = size + 1 - rows.length;
    const part = await readBefore(ask, index, end, limit);
    if (!part.ok) return part;
    const { rows: found, short } = part.value;
    if (found.length < limit && !short) {
      rows.push(...found);
      continue;
    }
    const block = blockOf(table, found.at(-1));
    rows.push(...found.filter((row) => blockOf(table, row) > block));
    if (rows.length > 0)
      return ok({ rows: rows.reverse(), before: { index, block: block + 1 }, after: start });
    const whole = await read(ask, { index, from: block, before: block + 1, order: "up", limit: null });
    if (!whole.ok) return whole;
    const isFirst = index === 0 && block === 0;
    return ok({ rows: whole.value.rows, before: isFirst ? null : { index, block }, after: start });
  }
  return ok({ rows: rows.reverse(), before: null, after: start });
}

/** The last rows before a block: a range that grows until it holds enough, since a TID range is read one way only. */
async function readBefore(
  ask: StorageAsk,
  index: number,
  end: number,
  limit: number,
): Promise<Result<Rows, ReadTrouble>> {
  const all = ask.parts.reduce((sum, part) => sum + part.blocks, 0);
  const perBlock = ask.rows === null || all === 0 ? 1 : Math.max(1, ask.rows / all);
  for (let width = ask.isNarrowed ? end : Math.ceil(limit / perBlock); ; width *= 4) {
    const from = Math.max(0, end - width);
    const part = await read(ask, { index, from, before: end, order: "down", limit });
    if (!part.ok || part.value.short || part.value.rows.length >= limit || from === 0) return part;
  }
}

async function read(
  { reading, table, parts, condition, isNarrowed }: StorageAsk,
  range: {
    readonly index: number;
    readonly from: number;
    readonly before: number | null;
    readonly order: "up" | "down";
    readonly limit: number | null;
  },
): Promise<Result<Rows, ReadTrouble>> {
  const ctid = columnOf(table, "ctid");
  const sorted =
    range.order === "down" ? sql` order by ${ctid} desc` : isNarrowed ? sql` order by ${ctid}` : sql``;
  const within = blocks(table, parts[range.index]?.tableoid ?? "0", range.from, range.before);
  return reading.ask(
    pageRows({
      table,
      condition: sql`${condition} and ${within}`,
      order: sorted,
      limit: range.limit,
      whole: new Set(),
    }),
  );
}

/** `(block,item)`, the last of a row. */
function blockOf(table: PagedTable, row: QueryRow | undefined): number {
  const ctid = row?.[shownColumns(table).length + 3] ?? "(0,0)";
  return Number(ctid.slice(1, ctid.indexOf(",")));
}

/** About how many rows lie before a block, by the share of blocks that do. */
function placed({ parts, rows, isNarrowed }: StorageAsk, before: Place | null): TablePage["position"] {
  if (rows === null || isNarrowed) return null;
  if (before === null) return { rows: 0, exact: true };
  const all = parts.reduce((sum, part) => sum + part.blocks, 0);
  const passed = parts.slice(0, before.index).reduce((sum, part) => sum + part.blocks, 0) + before.block;
  return { rows: Math.round(rows * Math.min(1, passed / Math.max(1, all))), exact: false };
}
