import "server-only";
import type { Sql } from "#lib/browse/sql-text.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { QueryRow } from "#lib/session/query-answer.ts";
import type { ServerError } from "#lib/wire/server-error.ts";
import { type ChangedTable, rowNowSql } from "./change-sql.ts";
import type { ChangeTarget } from "./change-target.ts";
import type { ChangeTransaction } from "./change-transaction.ts";
import { refusedChange } from "./refused-change.ts";
import type { ChangeAnswer, ChangeSet, Conflict, RowChange } from "./shapes.ts";
import { shownRow } from "./shown-row.ts";

/** A change that did not meet exactly one row. */
export interface Missed {
  readonly index: number;
  readonly rows: "none" | "several";
}

/**
 * What became of rows that a change did not meet: each is read again, after everything was rolled back.
 * @param isWithin the transaction has changed something already: what it may have done to them itself is asked first
 * @returns the conflicts; or what the server refused to tell them for
 */
export async function conflictsOf(
  transaction: ChangeTransaction,
  target: ChangeTarget,
  set: ChangeSet,
  missed: readonly Missed[],
  isWithin: boolean,
): Promise<ChangeAnswer> {
  const { table } = target;
  const rows = missed.flatMap(({ index }) => {
    const change = set.changes[index];
    return change === undefined || change.kind === "insert" ? [] : [{ index, change }];
  });
  const within = isWithin ? await readAgain(transaction, table, rows) : null;
  if (within?.ok === false) return refusedChange(null, within.problem);
  await transaction.rollback();
  const refused = await transaction.begin("read only");
  if (refused !== undefined) return refusedChange(null, refused);
  const after = await readAgain(transaction, table, rows);
  if (!after.ok) return refusedChange(null, after.problem);
  await transaction.rollback();
  const conflicts = missed.map(({ index, rows: count }): Conflict => {
    const change = set.changes[index];
    if (count === "several") return { change: index, why: "several", ...nothing };
    if (change === undefined || change.kind === "insert")
      return { change: index, why: "unchanged", ...nothing, reasons: reasons(target) };
    const inside = within === null ? null : { row: within.value.get(index) };
    return { change: index, ...judged(target, change, after.value.get(index), inside) };
  });
  return { outcome: "conflict", conflicts };
}

const nothing = { now: null, identity: null, reasons: [] } as const;

type Row = Exclude<RowChange, { readonly kind: "insert" }>;

function judged(
  target: ChangeTarget,
  change: Row,
  values: QueryRow | undefined,
  within: { readonly row: QueryRow | undefined } | null,
): Omit<Conflict, "change"> {
  const { table } = target;
  const isPlaced = table.key === null;
  if (values === undefined) return { why: isPlaced ? "moved" : "gone", ...nothing };
  const now = shownRow(table, values);
  const isSame =
    now.identity.version === change.row.version && (!isPlaced || looksSame(now.row, change.seen));
  if (!isSame) {
    // Without a key nobody can tell whether it is the same row, changed, or another one.
    if (isPlaced) return { why: "moved", ...nothing };
    return { why: "changed", now: now.row, identity: now.identity, reasons: [] };
  }
  const inside = within?.row === undefined ? undefined : shownRow(table, within.row).identity.version;
  const isOwn = within !== null && inside !== change.row.version;
  return isOwn
    ? { why: "own-change", now: now.row, identity: now.identity, reasons: [] }
    : { why: "unchanged", now: now.row, identity: now.identity, reasons: reasons(target) };
}

function looksSame(now: Row["seen"], seen: Row["seen"]): boolean {
  return JSON.stringify(now?.values) === JSON.stringify(seen?.values);
}

function reasons({ editable, hasRules }: ChangeTarget): Conflict["reasons"] {
  return [
    ...(editable.rowSecurity ? (["row-security"] as const) : []),
    ...(editable.triggers.length > 0 ? (["trigger"] as const) : []),
    ...(hasRules ? (["rule"] as const) : []),
  ];
}

async function readAgain(
  transaction: ChangeTransaction,
  table: ChangedTable,
  rows: readonly { readonly index: number; readonly change: Row }[],
): Promise<Result<ReadonlyMap<number, QueryRow>, ServerError>> {
  const asked = rows.flatMap(({ index, change }): { index: number; sql: Sql }[] => {
    const sql = rowNowSql(table, change.row);
    return sql === null ? [] : [{ index, sql }];
  });
  const answer = await transaction.ask(
    "system",
    asked.map(({ sql }) => sql),
  );
  if (!answer.ok) return failed(answer.error);
  return ok(
    new Map(
      asked.flatMap(({ index }, at) => {
        const row = answer.results[at]?.rows[0];
        return row === undefined ? [] : [[index, row] as const];
      }),
    ),
  );
}
