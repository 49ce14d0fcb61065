import "server-only";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { roundedMs } from "#lib/rounded-ms.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import type { QueryRow } from "#lib/session/query-answer.ts";
import type { PageAsk } from "./ask.ts";
import type { BrowsedTable } from "./browsed-table.ts";
import { type Capabilities, capabilities } from "./capabilities.ts";
import { type PageRows, shownPage } from "./page-cells.ts";
import { askedFirst, type PageControl, type PageFailure, pageFailure, probed } from "./page-failure.ts";
import { pageOfStorage, type StoragePart, storageParts } from "./page-of-storage.ts";
import {
  after,
  countRows,
  keyOrder,
  type Narrowing,
  narrowed,
  type OrderColumn,
  orderBy,
  orderShown,
  type PagedTable,
  pageRows,
  type RowsWanted,
  reversed,
  tableOf,
} from "./page-query.ts";
import { operatorSchemas, pagedTable } from "./paged-table.ts";
import { placeOf } from "./place-of.ts";
import { planFacts } from "./plan-facts.ts";
import { openReading, type Reading, type ReadTrouble } from "./reading.ts";
import type { PageMark, PageTrouble, TablePage, Value } from "./shapes.ts";
import { type Sql, sql } from "./sql-text.ts";

/** A page takes so long at most, ms; a plan that reads more rows than this is asked about first. */
export const pageTimeoutMs = 30_000;
export const mostExpected = 5_000_000;
/** Rows of a relation without any order are numbered no further than this. */
export const mostNumbered = 10_000;

/** Reads one page. Takes over the session and releases it, a little later; throws when the connection is gone. */
export async function tablePage(
  session: PooledSession,
  table: BrowsedTable,
  ask: PageAsk,
  control: PageControl,
): Promise<Result<TablePage, PageFailure>> {
  const can = await capabilities(session.connection, table);
  const paged = pagedTable(table, can);
  const order = keyOrder(paged, ask.sort);
  const parts = order === null && paged.placed ? await storageParts(session.connection, table.oid) : null;
  const opened = await openReading(session, {
    ...control,
    timeoutMs: pageTimeoutMs,
    timeZone: ask.timeZone,
    operatorSchemas: operatorSchemas(table),
    ownNames: ask.where.trim() !== "",
    asStored: parts !== null,
  });
  if (!opened.ok) return failed(pageFailure(opened.problem));
  const reading = opened.value;
  try {
    const page = await readPage({ reading, table, paged, can, ask, order, parts });
    return page.ok
      ? page
      : failed("filter" in page.problem ? askedFirst(page.problem) : pageFailure(page.problem));
  } finally {
    void reading.leave();
  }
}

interface Task {
  readonly reading: Reading;
  readonly table: BrowsedTable;
  readonly paged: PagedTable;
  readonly can: Capabilities;
  readonly ask: PageAsk;
  readonly order: readonly OrderColumn[] | null;
  readonly parts: readonly StoragePart[] | null;
}

type Tried<T> = Result<T, ReadTrouble | PageTrouble>;

async function readPage(task: Task): Promise<Tried<TablePage>> {
  const { reading, table, paged, ask, order, parts } = task;
  const probe = await probed(reading, paged, ask.where);
  if (!probe.ok) return probe;
  const condition = narrowed(paged, ask);
  const startedAt = performance.now();
  const isNarrowed = narrows(ask);
  const found =
    order !== null
      ? await pageByKey(task, order, condition)
      : parts !== null
        ? await pageOfStorage({
            reading,
            table: paged,
            parts,
            condition,
            isNarrowed,
            at: ask.at,
            size: ask.size,
            rows: table.estimate,
          })
        : await pageByNumber(task, condition);
  if (!found.ok) return found;
  const ms = roundedMs(performance.now() - startedAt);
  const page = found.value;
  const isAll = page.before === null && page.after === null;
  const estimate = isAll ? page.rows.length : isNarrowed ? await estimated(task, condition) : table.estimate;
  const position = page.position ?? (await approximate(task, page, estimate));
  return ok({
    ...shownPage(table.columns, paged, page),
    order: page.order,
    before: page.before,
    after: page.after,
    position,
    estimate,
    readAt: new Date().toISOString(),
    ms,
  });
}

export function narrows({ filters, where }: Narrowing): boolean {
  return filters.length > 0 || where.trim() !== "";
}

/** One statement for rows of a page, after its plan was looked at where it may be long. */
async function ask(
  task: Task,
  wanted: RowsWanted,
  way: readonly OrderColumn[] | null,
): Promise<Tried<{ rows: readonly QueryRow[]; short: boolean }>> {
  const { can, reading, ask: asked } = task;
  const statement = pageRows(wanted);
  const mayBeLong = narrows(asked) || asked.sort.length > 0;
  if (!can.plans || !mayBeLong) return reading.ask(statement);
  const plan = await reading.ask(sql`explain (format json) ${statement}`);
  if (!plan.ok) return plan;
  const facts = planFacts(plan.value.rows.map(([line]) => line).join("\n"));
  const expected = facts?.read ?? 0;
  if (expected > mostExpected && !asked.evenIfLong)
    return failed({ filter: null, sqlstate: "", message: "", expected: Number(expected.toPrecision(2)) });
  const isSorted = facts?.sorts === true && way !== null;
  return reading.ask(isSorted ? pageRows({ ...wanted, sortedAlone: way }) : statement);
}

async function pageByKey(
  task: Task,
  order: readonly OrderColumn[],
  condition: Sql,
): Promise<Tried<PageRows>> {
  const { paged, ask: asked } = task;
  const { at, size } = asked;
  const mark = await startOf(task, order, condition);
  if (!mark.ok) return mark;
  const start = mark.value;
  // There is none of that key and beyond, or not any longer.
  const nearest = () => pageByKey({ ...task, ask: { ...asked, at: { to: "last" } } }, order, condition);
  if (at.to === "key" && start === null && paged.key !== null) return nearest();
  const isBackward = at.to === "last" || (at.to === "before" && start !== null);
  const way = isBackward ? reversed(order) : order;
  const inclusive = at.to === "from" || at.to === "key" || start?.included === true;
  const conditions = start === null ? [sql`true`] : after(paged, way, start.values, inclusive);
  const whole = new Set([...order.map(({ column }) => column), ...(paged.key ?? [])]);
  const rows: QueryRow[] = [];
  let short = false;
  for (const beyond of conditions) {
    if (rows.length > size || short) break;
    const limit = size + 1 - rows.length;
    const beyondMark = sql`${condition} and ${beyond}`;
    const part = await ask(
      task,
      { table: paged, condition: beyondMark, order: orderBy(paged, way), limit, whole },
      way,
    );
    if (!part.ok) return part;
    rows.push(...part.value.rows);
    short = part.value.short;
  }
  if (rows.length === 0 && start !== null && (at.to === "key" || at.to === "from")) return nearest();
  const goesOn = rows.length > size || short;
  const shown = rows.slice(0, size);
  if (isBackward) shown.reverse();
  const isFirst = start === null && !isBackward;
  const isStart = isFirst || (isBackward && !goesOn);
  const counted = isStart
    ? 0
    : start?.rows === undefined
      ? undefined
      : at.to === "before"
        ? Math.max(0, start.rows - shown.length)
        : start.rows;
  const markOf = (row: QueryRow | undefined, passed: number): PageMark | null => {
    const place = counted === undefined ? {} : { rows: counted + passed };
    if (row !== undefined)
      return { by: "key", values: order.map(({ column }) => valueIn(paged, row, column)), ...place };
    // What came next has gone meanwhile: where it began is still known.
    return start === null ? null : { by: "key", values: start.values, included: true, ...place };
  };
  const isEnd = isBackward ? at.to === "last" : !goesOn;
  return ok({
    rows: shown,
    whole,
    order: orderShown(order),
    before: isStart ? null : markOf(shown[0], 0),
    after: isEnd ? null : markOf(shown.at(-1), shown.length),
    position: counted === undefined ? null : { rows: counted, exact: true },
  });
}

interface Start {
  readonly values: readonly Value[];
  readonly rows?: number | undefined;
  readonly included?: boolean | undefined;
}

/** The mark that a page begins at; null: at one of the ends. */
async function startOf(
  { reading, paged, ask: { at } }: Task,
  order: readonly OrderColumn[],
  condition: Sql,
): Promise<Tried<Start | null>> {
  if (at.to === "first" || at.to === "last") return ok(null);
  if (at.to !== "key")
    return ok(at.mark.by === "key" && at.mark.values.length === order.length ? at.mark : null);
  const key = keyOrder({ ...paged, placed: false }, []);
  if (key === null) return ok(null);
  const values = at.values.slice(0, key.length);
  // The row of that key, or the next one; where it stands in the order that is wanted is found with it.
  const first = after(paged, key.slice(0, values.length), values, true)[0];
  const found = await reading.ask(
    pageRows({
      table: paged,
      condition: sql`${condition} and ${first ?? sql`true`}`,
      order: orderBy(paged, key),
      limit: 1,
      whole: new Set(order.map(({ column }) => column)),
    }),
  );
  if (!found.ok) return found;
  const row = found.value.rows[0];
  return ok(row === undefined ? null : { values: order.map(({ column }) => valueIn(paged, row, column)) });
}

function valueIn(table: PagedTable, row: QueryRow, column: string): Value {
  const shown = table.columns.filter(({ readable }) => readable);
  const index = shown.findIndex(({ name }) => name === column);
  if (index >= 0) return row[index] ?? null;
  return (column === "tableoid" ? row[shown.length + 2] : row[shown.length + 3]) ?? null;
}

async function pageByNumber(task: Task, condition: Sql): Promise<Tried<PageRows>> {
  const { reading, paged, ask: asked } = task;
  const { at, size, sort } = asked;
  let offset = 0;
  let limit = size;
  if (at.to === "last") {
    const counted = await reading.ask(countRows(paged, condition, mostNumbered));
    if (!counted.ok) return counted;
    offset = Math.max(0, Number(counted.value.rows[0]?.[0] ?? 0) - size);
  } else if ("mark" in at && at.mark.by === "number") {
    offset = at.mark.rows;
    if (at.to === "before") {
      // It ends where the next one begins, also where fewer rows are left than a page has.
      limit = Math.min(size, offset);
      offset -= limit;
    }
  }
  offset = Math.min(offset, mostNumbered - 1);
  limit = Math.min(limit, mostNumbered - offset);
  const found = await ask(
    task,
    {
      table: paged,
      condition,
      order: orderBy(paged, sort),
      limit: limit + 1,
      offset,
      whole: new Set(),
    },
    null,
  );
  if (!found.ok) return found;
  const { rows, short } = found.value;
  if (rows.length === 0 && offset > 0 && at.to === "from")
    return pageByNumber({ ...task, ask: { ...asked, at: { to: "last" } } }, condition);
  const shown = rows.slice(0, limit);
  // Of rows that are too long for a page, those at its end are wanted: the first ones come with the page before.
  const isFromItsEnd = at.to === "before" || at.to === "last";
  if (short && isFromItsEnd && shown.length > 0 && shown.length < limit)
    return pageByNumber({ ...task, ask: { ...asked, size: shown.length } }, condition);
  const goesOn = rows.length > limit || short;
  const next = offset + shown.length;
  return ok({
    rows: shown,
    whole: new Set(),
    order: { by: "number", columns: sort },
    before: offset === 0 ? null : { by: "number", rows: offset },
    after: goesOn && next < mostNumbered ? { by: "number", rows: next } : null,
    position: { rows: offset, exact: true },
  });
}

/** Rows that the planner thinks a filter leaves. */
async function estimated({ reading, can, paged }: Task, condition: Sql): Promise<number | null> {
  if (!can.plans) return null;
  const plan = await reading.ask(
    sql`explain (format json) select 1 from ${tableOf(paged)} where ${condition}`,
  );
  return plan.ok ? (planFacts(plan.value.rows.map(([line]) => line).join("\n"))?.rows ?? null) : null;
}

async function approximate(
  { reading, table, paged, ask: asked, order }: Task,
  page: PageRows,
  estimate: number | null,
): Promise<TablePage["position"]> {
  if (estimate === null || page.rows[0] === undefined) return null;
  if (page.after === null)
    return { rows: Math.max(0, Math.round(estimate) - page.rows.length), exact: false };
  const first = order?.[0];
  if (narrows(asked) || first === undefined) return null;
  const value = valueIn(paged, page.rows[0], first.column);
  const share = await placeOf(reading, table, first, value);
  return share === null ? null : { rows: Math.round(share * estimate), exact: false };
}
