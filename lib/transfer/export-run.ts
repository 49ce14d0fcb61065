import "server-only";
import type { BrowsedTable } from "#lib/browse/browsed-table.ts";
import { capabilities } from "#lib/browse/capabilities.ts";
import { expressionProbe, type PagedTable } from "#lib/browse/page-query.ts";
import { operatorSchemas, pagedTable } from "#lib/browse/paged-table.ts";
import { openReading } from "#lib/browse/reading.ts";
import { built, plain, sql } from "#lib/browse/sql-text.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { type Cancelling, cancelOrCut } from "#lib/session/cancel-or-cut.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import type { Statement } from "#lib/session/statement.ts";
import { serverText } from "#lib/wire/server-text.ts";
import { asCsv } from "./as-csv.ts";
import { asInserts, copyEnd, copyStart, type SqlTarget } from "./as-insert.ts";
import { asJsonLines } from "./as-json-lines.ts";
import { asXlsx } from "./as-xlsx.ts";
import type { AskedExport, ExportedStatement, ExportedTable } from "./ask.ts";
import { copyEndWatch } from "./copy-end-watch.ts";
import { CopyOut } from "./copy-out.ts";
import { describeAlone } from "./describe-alone.ts";
import { copyOf, copyTakes, exportedColumns, tableRows } from "./export-sql.ts";
import { type PortalRows, portalRows } from "./portal-rows.ts";
import { enterTransfer, type TransferFrame } from "./transfer-frame.ts";
import { TransferStop } from "./transfer-stop.ts";

/** What is exported, ready to be asked of a server. */
export interface ExportPlan {
  readonly statement: Statement;
  readonly target: SqlTarget;
  readonly ask: AskedExport;
  /** A condition of the person's own, which is to be one whole expression. */
  readonly probe: string | null;
  /** Where operators of the table's types are; null for a statement. */
  readonly operatorSchemas: readonly string[] | null;
}

export interface TransferControl {
  /** Aborts when it is to end; the reason is a `TransferStop` where it is one of ours. */
  readonly signal: AbortSignal;
  /** Sends a CancelRequest for the session's backend, over a channel of its own. */
  readonly cancel: () => Promise<unknown>;
}

/** Why the server does not take what is to be exported. */
export interface ExportRefusal {
  readonly sqlstate: string;
  readonly message: string;
  /** It is about the person's condition. */
  readonly isOfWhere: boolean;
}

/** An export that has begun. */
export interface OpenExport {
  /** The file, piece by piece. Throws where it breaks off: what was given is not the whole then. */
  readonly pieces: AsyncGenerator<Buffer, void, void>;
  /** So far. */
  rows(): number;
}

/** The rows of a table as they are asked for. */
export async function tablePlan(
  session: PooledSession,
  table: BrowsedTable,
  ask: AskedExport & { readonly what: ExportedTable },
): Promise<ExportPlan> {
  const paged = pagedTable(table, await capabilities(session.connection, table));
  const isSql = ask.format === "insert" || ask.format === "copy";
  const columns = exportedColumns(table, ask.what.columns).filter(
    ({ generated }) => !isSql || (generated !== "stored" && generated !== "virtual"),
  );
  return {
    statement: {
      text: tableRows(
        paged,
        ask.what,
        columns.map(({ name }) => name),
      ),
      values: [],
    },
    target: {
      schema: table.schema,
      table: table.name,
      overrides: columns.some(({ generated }) => generated === "identity-always"),
    },
    ask,
    probe: probeOf(paged, ask.what.where),
    operatorSchemas: operatorSchemas(table),
  };
}

/** The rows of a person's statement. */
export function statementPlan(ask: AskedExport & { readonly what: ExportedStatement }): ExportPlan {
  return {
    statement: { text: ask.what.sql, values: ask.what.values },
    target: { schema: null, table: "result", overrides: false },
    ask,
    probe: null,
    operatorSchemas: null,
  };
}

/**
 * Asks the server whether what is to be exported is what it seems, and may be read: one condition, one statement that gives
 * rows. Nothing is run. Takes over the session and gives it back; throws when the connection is gone.
 */
export async function checkPlan(
  session: PooledSession,
  plan: ExportPlan,
  control: TransferControl,
): Promise<Result<void, ExportRefusal>> {
  const { ask, statement } = plan;
  const signal = AbortSignal.any([control.signal, AbortSignal.timeout(checkTimeoutMs)]);
  const within = { ...control, signal };
  if (session.connection.client.getTransactionStatus() !== "I") {
    // The person's transaction is not to fail by a question.
    return stoppable(session, within, async () => {
      const entered = await enterTransfer(session, { ...frameOf(plan), inTransaction: true });
      if (!entered.ok) return refused(entered.problem, false);
      const described = await describePlan(session, plan);
      await entered.value();
      return described.ok ? ok(undefined) : described;
    });
  }
  const described = await stoppable(session, within, () => describePlan(session, plan));
  if (!described.ok || statement.values.length > 0 || !copyTakes(statement.text)) {
    // A cancellation may still arrive, and hit what comes next.
    if (signal.aborted && !session.keeps) session.discard();
    else session.release();
    return described.ok ? ok(undefined) : described;
  }
  // Who may read what is looked at when a statement begins: EXPLAIN begins it, and ends it there.
  const reading = await openReading(session, {
    ...control,
    timeoutMs: checkTimeoutMs,
    operatorSchemas: plan.operatorSchemas ?? [],
    ownNames: ask.what.kind === "statement" || ask.what.where.trim() !== "",
    timeZone: ask.what.kind === "table" ? ask.what.timeZone : undefined,
  });
  if (!reading.ok) return ok(undefined);
  const planned = await reading.value.ask(sql`explain ${plain(statement.text)}`);
  await reading.value.leave();
  const isDenied = !planned.ok && planned.problem.why === "refused" && planned.problem.error.code === "42501";
  return isDenied ? refused(planned.problem.error, false) : ok(undefined);
}

const checkTimeoutMs = 10_000;

/** Names of the columns. The session stays with the caller; throws when the connection is gone. */
async function describePlan(
  { connection }: Pick<PooledSession, "connection">,
  plan: ExportPlan,
): Promise<Result<readonly string[], ExportRefusal>> {
  const { client } = connection;
  if (plan.probe !== null) {
    const probed = await describeAlone(client, plan.probe);
    if (!probed.ok) return refused(probed.error, true);
  }
  const described = await describeAlone(client, plan.statement.text);
  if (!described.ok) return refused(described.error, false);
  return described.fields === null
    ? failed({ sqlstate: "", message: "", isOfWhere: false })
    : ok(described.fields.map(({ name }) => name));
}

/**
 * Begins an export. Takes over the session and gives it back when the pieces are taken, or when whoever takes them stops.
 * The rows are those of one moment: one statement, in a read-only transaction.
 * Throws when the connection is gone, and a `TransferStop` where it is to end before it has begun.
 */
export async function openExport(
  session: PooledSession,
  plan: ExportPlan,
  control: TransferControl,
): Promise<Result<OpenExport, ExportRefusal>> {
  const opened = await stoppable(session, control, async (): Promise<Result<OpenExport, ExportRefusal>> => {
    const entered = await enterTransfer(session, frameOf(plan));
    if (!entered.ok) return refused(entered.problem, false);
    const leave = entered.value;
    const checked = await describePlan(session, plan);
    if (!checked.ok) {
      await leave();
      return checked;
    }
    try {
      const source = await begin(session, plan, checked.value);
      return ok({ pieces: pieces({ source, session, ...control, leave }), rows: () => source.rows() });
    } catch (error) {
      await leave();
      throw error;
    }
  });
  if (!opened.ok && control.signal.aborted) throw stopOf(control.signal);
  return opened;
}

/**
 * Until there are pieces to be taken, too, an abort ends what is asked of the server: a table may be locked for long. What
 * does not end then loses its connection.
 */
async function stoppable<T>(
  session: PooledSession,
  { signal, cancel }: TransferControl,
  work: () => Promise<T>,
): Promise<T> {
  let cancelling: Cancelling | undefined;
  const stop = () => {
    cancelling = cancelOrCut(session.connection, cancel);
  };
  if (signal.aborted) {
    // Nothing was asked in it yet: what the person has there stays.
    session.release();
    throw stopOf(signal);
  }
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener("abort", stop);
    await cancelling?.ended();
  }
}

function frameOf({ ask: { what }, operatorSchemas: schemas }: ExportPlan): TransferFrame {
  return {
    inTransaction: what.kind === "statement" && what.inTransaction,
    outputs: schemas !== null,
    operatorSchemas: schemas ?? [],
    systemNamesOnly: what.kind === "table" && what.where.trim() === "" && what.filters.length > 0,
    timeZone: what.kind === "table" ? what.timeZone : undefined,
  };
}

/** What gives the pieces of a file. */
interface Source {
  next(): Promise<Buffer | undefined>;
  rows(): number;
  /** What still comes is dropped. */
  drop(): void;
  /** Resolves when the statement has ended on the server. */
  ended(): Promise<unknown>;
}

async function begin(session: PooledSession, plan: ExportPlan, columns: readonly string[]): Promise<Source> {
  const { ask, statement } = plan;
  const isCopied = ask.format === "csv" || ask.format === "tsv" ? !ask.guardFormulas : ask.format === "copy";
  const takes = statement.values.length === 0 && copyTakes(statement.text);
  if (isCopied && takes) return copied(session, plan, columns);
  const rows = await portalRows(session, statement);
  let count = 0;
  async function* counted() {
    for await (const batch of rows.batches) {
      count += batch.length;
      yield batch;
    }
  }
  const file = written({ fields: rows.fields, batches: counted() }, plan);
  return {
    next: async () => {
      for (;;) {
        const { done, value } = await file.next();
        if (done) return undefined;
        if (value.length > 0) return value;
      }
    },
    rows: () => count,
    drop: () => undefined,
    ended: () => rows.end(),
  };
}

function copied(session: PooledSession, plan: ExportPlan, columns: readonly string[]): Source {
  const { ask, statement, target } = plan;
  const { client, inbound, socket } = session.connection;
  const copy = new CopyOut(copyOf(statement.text, ask), socket);
  inbound.startResult(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  client.query(copy);
  const isScript = ask.format === "copy";
  const names = isScript || !ask.header ? 0 : 1;
  let before = isScript ? Buffer.from(copyStart(columns, target)) : undefined;
  let after = isScript ? Buffer.from(copyEnd) : undefined;
  const endsData = isScript ? copyEndWatch() : () => false;
  return {
    async next() {
      const piece = await copy.next();
      if (piece !== undefined && endsData(piece))
        throw new Error("the server's data would end the script's COPY");
      const lead = before;
      before = undefined;
      if (piece !== undefined) return lead === undefined ? piece : Buffer.concat([lead, piece]);
      const end = after;
      after = undefined;
      return end === undefined ? undefined : Buffer.concat([lead ?? Buffer.alloc(0), end]);
    },
    rows: () => Math.max(0, copy.messages - names),
    drop: () => copy.drop(),
    ended: () => copy.ended(),
  };
}

function written(source: Pick<PortalRows, "fields" | "batches">, { ask, target }: ExportPlan) {
  switch (ask.format) {
    case "csv":
    case "tsv":
      return asCsv(source, { ...ask, delimiter: ask.format === "tsv" ? "\t" : "," });
    case "json-lines":
      return asJsonLines(source);
    case "xlsx":
      return asXlsx(source, ask.header);
    case "insert":
    case "copy":
      // A statement that COPY does not take, as a script: rows are brought by INSERT.
      return asInserts(source, target);
  }
}

interface Running {
  readonly source: Source;
  readonly session: PooledSession;
  readonly signal: AbortSignal;
  readonly cancel: () => Promise<unknown>;
  readonly leave: () => Promise<void>;
}

async function* pieces({
  source,
  session,
  signal,
  cancel,
  leave,
}: Running): AsyncGenerator<Buffer, void, void> {
  let isOver = false;
  let cancelling: Cancelling | undefined;
  const stop = () => {
    if (isOver || cancelling !== undefined) return;
    cancelling = cancelOrCut(session.connection, cancel);
    source.drop();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    if (signal.aborted) throw stopOf(signal);
    for (;;) {
      const piece = await source.next().catch((error: unknown) => {
        throw signal.aborted ? stopOf(signal) : error;
      });
      // What was dropped is not in the file.
      if (signal.aborted) throw stopOf(signal);
      if (piece === undefined) break;
      yield piece;
    }
    isOver = true;
  } finally {
    signal.removeEventListener("abort", stop);
    if (!isOver) {
      stop();
      await source.ended().catch(() => undefined);
    }
    await cancelling?.ended();
    await leave();
  }
}

function stopOf(signal: AbortSignal): TransferStop {
  return signal.reason instanceof TransferStop ? signal.reason : new TransferStop("left");
}

function probeOf(table: PagedTable, where: string): string | null {
  return where.trim() === "" ? null : built(expressionProbe(table, where)).text;
}

function refused(
  { code, message }: { readonly code?: string | undefined; readonly message: string },
  isOfWhere: boolean,
): Result<never, ExportRefusal> {
  return failed({ sqlstate: code ?? "", message: serverText(message), isOfWhere });
}
