import "server-only";
import type pg from "pg";
import { shownColumns } from "#lib/browse/page-query.ts";
import type { RowIdentity, Value } from "#lib/browse/shapes.ts";
import { bound, plain, type Sql, sql } from "#lib/browse/sql-text.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { roundedMs } from "#lib/rounded-ms.ts";
import { type CommitOutcome, commitOutcome, transactionId } from "#lib/session/commit-outcome.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import type { TogetherResult } from "#lib/session/run-together.ts";
import { changeOrder } from "./change-order.ts";
import { changeSql, returnedIdentity, rowNowSql, seenRowSql, wholeValueSql } from "./change-sql.ts";
import { type ChangeTarget, targetOf } from "./change-target.ts";
import { ChangeTransaction, type TransactionAsk, TransactionGone } from "./change-transaction.ts";
import { conflictsOf, type Missed } from "./conflicts.ts";
import { refusedChange } from "./refused-change.ts";
import type { ChangeAnswer, ChangeSet, RowChange, StoredRow } from "./shapes.ts";
import { type ShownRow, shownRow } from "./shown-row.ts";
import { storedRow } from "./stored-row.ts";
import { type DoneChange, longestUndo, undoSql } from "./undo-sql.ts";

export interface ChangeControl extends Pick<TransactionAsk, "signal" | "cancel"> {
  /** Opens another session of the same connection, to ask what became of a COMMIT; undefined where that fails (yet). */
  readonly reopen: () => Promise<PooledSession | undefined>;
}

/**
 * Does a set of changes in one transaction, to apply it or to try it: then everything is rolled back. Rows are read and
 * locked as they were seen, changed, and read again, each step one packet; every change meets exactly one row, or all is
 * undone. Before COMMIT the transaction's id is noted: where the connection breaks during it, another asks what became of
 * it.
 *
 * Takes over the session and gives it back.
 * @returns what became of it; `cancelled`, or why the session was wanted back, where that came before COMMIT
 */
export async function runChanges(
  session: PooledSession,
  given: ChangeTarget,
  set: ChangeSet,
  mode: "try" | "apply",
  control: ChangeControl,
): Promise<Result<ChangeAnswer>> {
  const target = targetOf(given, set);
  if ("outcome" in target) {
    session.release();
    return ok(target);
  }
  const transaction = new ChangeTransaction(session, {
    ...control,
    timeZone: set.timeZone,
    operatorSchemas: target.operatorSchemas,
  });
  try {
    return ok(await attempt({ session, transaction, target, set, mode, control }));
  } catch (error) {
    if (!(error instanceof TransactionGone)) throw error;
    if (control.signal.aborted) return failed(problem("cancelled"));
    if (session.signal.aborted) return failed(session.signal.reason as Problem);
    return ok({ outcome: "lost", foundOut: false });
  } finally {
    await transaction.end();
  }
}

interface Task {
  readonly session: PooledSession;
  readonly transaction: ChangeTransaction;
  readonly target: ChangeTarget;
  readonly set: ChangeSet;
  readonly mode: "try" | "apply";
  readonly control: ChangeControl;
}

/** One change of the set, with what is known of its row so far. */
interface Work {
  readonly index: number;
  readonly change: RowChange;
  before: ShownRow | undefined;
  readonly whole: Map<string, Value>;
  now: Omit<RowIdentity, "version"> | null;
  after: ShownRow | undefined;
  movedTo: string | undefined;
}

async function attempt(task: Task): Promise<ChangeAnswer> {
  const startedAt = performance.now();
  const { transaction, target, set, mode } = task;
  const refused = await transaction.begin("read write");
  if (refused !== undefined) return refusedChange(null, refused);
  const works = changeOrder(set).flatMap((index): Work[] => {
    const change = set.changes[index];
    const none = { before: undefined, now: null, after: undefined, movedTo: undefined };
    return change === undefined ? [] : [{ index, change, whole: new Map(), ...none }];
  });
  const lock = target.locks && !lockless.has(task.session.connection.client);
  const unseen = await readSeen(task, works, lock);
  if (unseen === "no-locks") {
    await transaction.rollback();
    return attempt(task);
  }
  if (unseen !== undefined) return unseen;
  const canUndo = mode === "apply" && (await readWhole(task, works));
  if (typeof canUndo === "object") return canUndo;
  const made = await change(task, works, lock);
  if (!made.ok) return made.problem;
  const told = await readStored(task, works);
  if (told !== undefined) return told;
  const stored = [...works].sort((one, other) => one.index - other.index).map((work) => storedOf(task, work));
  const { notices } = transaction;
  if (mode === "try") {
    await transaction.rollback();
    const ms = roundedMs(performance.now() - startedAt);
    return { outcome: "tried", stored, notUndone: notUndone(task), notices, ms };
  }
  // Behind COMMIT nothing is worked out that could fail: it is done, whatever comes.
  const undo = canUndo ? undoSql(target.table, works.map(doneOf)) : null;
  const ended = await commit(task, made.value);
  if (typeof ended !== "object") {
    const ms = roundedMs(performance.now() - startedAt);
    return { outcome: "applied", stored, foundOut: ended === "committed", undo, notices, ms };
  }
  return ended;
}

/** Servers that lock no row as it is read. As long as the client lives. */
const lockless = new WeakSet<pg.Client>();

/** Every row as it was seen, and locked: from here on nobody else changes it. */
async function readSeen(
  task: Task,
  works: readonly Work[],
  lock: boolean,
): Promise<ChangeAnswer | "no-locks" | undefined> {
  const { transaction, target, set, session } = task;
  const wanted = works.filter(({ change }) => change.kind !== "insert");
  const read = await transaction.ask(
    "system",
    wanted.map(({ change }) => seenRowSql(target.table, change as SeenChange, lock)),
  );
  if (!read.ok) {
    if (lock && /^(?:0A000|42601)$/.test(read.error.code ?? "")) {
      lockless.add(session.connection.client);
      return "no-locks";
    }
    return refusedChange(wanted[read.index]?.index ?? null, read.error);
  }
  const missed = missedOf(wanted, read.results);
  if (missed.length > 0) return conflictsOf(transaction, target, set, missed, false);
  for (const [at, work] of wanted.entries()) {
    const values = read.results[at]?.rows[0];
    if (values !== undefined) work.before = shownRow(target.table, values);
  }
  return undefined;
}

type SeenChange = Exclude<RowChange, { readonly kind: "insert" }>;

/** What undoing needs: every value whole. @returns whether it is not too much */
async function readWhole(
  { transaction, target }: Task,
  works: readonly Work[],
): Promise<boolean | ChangeAnswer> {
  const { table } = target;
  const columns = shownColumns(table);
  const long: { readonly work: Work; readonly column: string }[] = [];
  let length = 0;
  for (const work of works) {
    const { change, before, whole } = work;
    if (before === undefined) continue;
    const touched = change.kind === "update" ? new Set(change.cells.map((cell) => cell.column)) : null;
    for (const [index, { name }] of columns.entries()) {
      if (touched !== null && !touched.has(name)) continue;
      const cut = before.row.cut.find(({ column }) => column === index);
      if (cut === undefined) whole.set(name, before.row.values[index] ?? null);
      else long.push({ work, column: name });
      length += cut?.length ?? 0;
    }
  }
  if (length > longestUndo) return false;
  const read = await transaction.ask(
    "system",
    long.map(({ work, column }) => wholeValueSql(table, work.change as SeenChange, column)),
  );
  if (!read.ok) return refusedChange(long[read.index]?.work.index ?? null, read.error);
  for (const [at, { work, column }] of long.entries())
    work.whole.set(column, read.results[at]?.rows[0]?.[0] ?? null);
  return true;
}

/** @returns the transaction's id, null where the server tells none */
async function change(
  { transaction, target, set }: Task,
  works: readonly Work[],
  lock: boolean,
): Promise<Result<string | null, ChangeAnswer>> {
  const { table, deferrable, tellsOutcome } = target;
  const before = deferrable ? [sql`set constraints all deferred`] : [];
  const after = tellsOutcome ? [plain(transactionId)] : [];
  const asked = await transaction.ask("session", [
    ...before,
    ...works.map((work) => changeSql(table, work.change, lock)),
    ...after,
  ]);
  if (!asked.ok) return failed(refusedChange(works[asked.index - before.length]?.index ?? null, asked.error));
  const results = asked.results.slice(before.length);
  const missed = missedOf(works, results);
  if (missed.length > 0) return failed(await conflictsOf(transaction, target, set, missed, true));
  for (const [at, work] of works.entries()) {
    const row = results[at]?.rows[0];
    if (row !== undefined && work.change.kind !== "delete") work.now = returnedIdentity(table, row);
  }
  return ok(tellsOutcome ? (results[works.length]?.rows[0]?.[0] ?? null) : null);
}

function missedOf(works: readonly Work[], results: readonly TogetherResult[]): readonly Missed[] {
  return works.flatMap(({ index }, at): Missed[] => {
    const rows = results[at]?.rows.length ?? 0;
    return rows === 1 ? [] : [{ index, rows: rows === 0 ? "none" : "several" }];
  });
}

/** The rows as they now are, triggers included. A trial also asks what would otherwise be checked at COMMIT. */
async function readStored(
  { transaction, target, mode }: Task,
  works: readonly Work[],
): Promise<ChangeAnswer | undefined> {
  if (mode === "try") {
    const checked = await transaction.ask("session", [sql`set constraints all immediate`]);
    if (!checked.ok) return refusedChange(null, checked.error);
  }
  const asked: { readonly sql: Sql; readonly take: (result: TogetherResult | undefined) => void }[] = [];
  for (const work of works) {
    const row = work.now === null ? null : rowNowSql(target.table, work.now);
    if (row === null) continue;
    asked.push({
      sql: row,
      take: (result) => {
        const values = result?.rows[0];
        work.after = values === undefined ? undefined : shownRow(target.table, values);
      },
    });
    const there = work.now?.place?.tableoid;
    if (work.change.kind === "update" && there !== undefined && work.change.row.place?.tableoid !== there)
      asked.push({
        sql: partitionSql(target, there),
        take: (result) => {
          if (work.before?.identity.place?.tableoid !== there)
            work.movedTo = result?.rows[0]?.[0] ?? undefined;
        },
      });
  }
  const read = await transaction.ask(
    "system",
    asked.map(({ sql: one }) => one),
  );
  if (!read.ok) return refusedChange(null, read.error);
  for (const [at, { take }] of asked.entries()) take(read.results[at]);
  return undefined;
}

function partitionSql({ table }: ChangeTarget, oid: string): Sql {
  return sql`select case when n.nspname = ${bound(table.schema)} then c.relname::text else n.nspname || '.' || c.relname end
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = ${bound(oid)}::oid`;
}

/** @returns `committed` where another connection found that out; an answer where it was not */
async function commit(task: Task, xid: string | null): Promise<"done" | "committed" | ChangeAnswer> {
  const { transaction, control } = task;
  try {
    const refused = await transaction.commit();
    if (refused === "rolled-back") return { outcome: "lost", foundOut: true };
    return refused === undefined ? "done" : refusedChange(null, refused);
  } catch (error) {
    if (!(error instanceof TransactionGone)) throw error;
    // Its place is given back before another is asked for.
    await transaction.end();
    const became = await commitOutcome(xid, control.reopen);
    return became === "committed" ? became : uncommitted(became);
  }
}

function uncommitted(became: Exclude<CommitOutcome, "committed">): ChangeAnswer {
  return became === "aborted" ? { outcome: "lost", foundOut: true } : { outcome: "unknown", why: became };
}

function storedOf({ target }: Task, { index, change, before, after, movedTo }: Work): StoredRow {
  const workedOut = new Set(
    target.editable.columns.flatMap((column) => (column.update === "view-column" ? [column.name] : [])),
  );
  return storedRow(target.table, index, change, workedOut, {
    ...(before === undefined ? {} : { before: before.row }),
    ...(after === undefined ? {} : { after }),
    ...(movedTo === undefined ? {} : { movedTo }),
  });
}

function doneOf({ change, whole, now, after }: Work): DoneChange {
  return { change, before: whole, now: after?.identity ?? now };
}

function notUndone({ target, set }: Task): ("sequences" | "triggers" | "locks")[] {
  const hasNew = set.changes.some(({ kind }) => kind === "insert");
  return [
    ...(hasNew && target.hasSequences ? (["sequences"] as const) : []),
    ...(target.editable.triggers.length > 0 ? (["triggers"] as const) : []),
    "locks",
  ];
}
