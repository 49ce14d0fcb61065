import "server-only";
import type { FieldDef } from "pg";
import type { NoticeMessage } from "pg-protocol/dist/messages";
import { problem } from "#lib/problems/problem.ts";
import { roundedMs } from "#lib/rounded-ms.ts";
import { onlyReads } from "#lib/sql/only-reads.ts";
import { isServerError } from "#lib/wire/server-error.ts";
import { settledStatus } from "#lib/wire/settled-status.ts";
import { type Cancelling, cancelOrCut } from "./cancel-or-cut.ts";
import { describeColumns, learnTypes } from "./column-types.ts";
import type { TransactionState } from "./held.ts";
import { keepEncoding } from "./keep-encoding.ts";
import { askBehind, noteState } from "./note-state.ts";
import { gatherNotifications, takeNotifications } from "./notifications.ts";
import type { PooledSession } from "./pooled-session.ts";
import { PortalQuery, type PortalStep } from "./portal-query.ts";
import type { Capped, Cell, CutCell, DoneEvent, RunEvent, Stopped, WaitEnd } from "./run-events.ts";
import { enterRun, framedBy, learnLimits, leaveReadOnlyRun } from "./run-frame.ts";
import { errorOf, noticeOf } from "./server-words.ts";
import type { MarkQuestion } from "./session-mark.ts";
import type { Statement } from "./statement.ts";
import { StepQueue } from "./step-queue.ts";
import type { More } from "./waiting-results.ts";

export interface StatementAsk {
  /** One statement, as the person wrote it, and the values of its parameters. */
  readonly statement: Statement;
  readonly readOnly: boolean;
  /** Rows after which the result ends. */
  readonly rowCap: number;
  /** The server ends the statement after so many ms; 0 never. */
  readonly timeoutMs: number;
  /** The page believes that its transaction is open: outside of one the statement must not run. */
  readonly inTransaction?: boolean;
  /**
   * At its limit the result waits for so long for somebody to ask for more, ms, where that keeps nothing of others': in
   * a transaction that only reads, in one of the person's own, or by a statement whose words only read. 0: never.
   */
  readonly waitMs?: number;
  /** Told how it goes on while it waits, and undefined once it does not. */
  readonly onWait?: (more: More | undefined) => void;
  /** Aborts when the person cancels or left. */
  readonly signal: AbortSignal;
  /** Sends a CancelRequest for the client's backend, over a channel of its own. */
  readonly cancel: () => Promise<unknown>;
}

/** Rows a result has at most, unless another number is asked for; and the most that can be asked for. */
export const defaultRowCap = 10_000;
export const greatestRowCap = 100_000;
export const defaultTimeoutMs = 5 * 60_000;
/** A read-only run ends after so many ms, unless an owner asks for more: what it locks nobody waits longer for. */
export const readOnlyTimeoutMs = 60_000;
/** Bytes of rows after which a result ends. */
export const resultByteCap = 64 * 1024 * 1024;
/** How long a result waits at its limit, and what it comes to at most when more is asked for again and again. */
export const resultWaitMs = 60_000;
const mostRows = 1_000_000;
const mostBytes = 256 * 1024 * 1024;
/** So long before the server would end it, what waits ends by itself. */
const graceBeforeLimitMs = 1_000;

/**
 * Runs one statement and tells what happens as it happens. Takes over the session and releases it.
 *
 * Extended protocol, so that the server itself refuses a second statement. A read-only run is one
 * `BEGIN READ ONLY` transaction of its own, rolled back at its end: the server enforces it, nothing is lexed.
 * Rows are fetched as they are taken: while the reader waits, the server waits.
 * Never throws for what the server or the network does: the last event is `done` or `error`.
 */
export async function* runStatement(
  session: PooledSession,
  ask: StatementAsk,
): AsyncGenerator<RunEvent, void, void> {
  const { client, inbound } = session.connection;
  // Not `AbortSignal.any`: the session's signal would keep a trace of every run that it has seen.
  const signals = [ask.signal, session.signal];
  const steps = new StepQueue();
  const run = new Run(session, ask, steps);
  const onNotice = (notice: NoticeMessage) => run.note(notice);
  const onAbort = () => run.stop("cancelled");
  /** What the run leaves behind is asked for once, whichever way it ends. */
  const before = session.ofTab();
  let isNoted = ask.readOnly || before === undefined;
  const note = async () => {
    if (isNoted) return;
    isNoted = true;
    await run.noteState();
  };

  try {
    yield { type: "started", readOnly: ask.readOnly, opened: session.opened };
    if (signals.some(({ aborted }) => aborted)) {
      yield run.failure(new Error("cancelled before it began"), "cancelled");
      return;
    }
    if (ask.inTransaction === true && !session.resumed) {
      yield run.failure(new Error("the transaction is gone"), "transaction-lost");
      return;
    }
    const refused = await enterRun(session, ask);
    if (refused !== undefined) {
      run.broken = true;
      yield run.failure(refused, null);
      return;
    }
    client.on("notice", onNotice);
    if (!ask.readOnly) gatherNotifications(client);
    for (const signal of signals) signal.addEventListener("abort", onAbort, { once: true });
    inbound.startResult(resultByteCap + cancelSlack, Number.POSITIVE_INFINITY);
    run.begin();
    for await (const event of run.events()) {
      let isKept = false;
      if (event.type === "done" || event.type === "error") {
        // A read-only run undoes by itself what it has set.
        if (!ask.readOnly) isKept = await run.keepEncoding();
        await note();
        const heard = ask.readOnly ? undefined : takeNotifications(client);
        if (heard !== undefined) yield { type: "notifications", ...heard };
        // A read-only run is in a transaction of the console's still: what stands is what stood, for as long again.
        const stands = run.broken ? undefined : ask.readOnly ? before : session.ofTab();
        if (stands !== undefined) yield { type: "session", session: stands };
      }
      yield event.type === "done" && isKept ? { ...event, encodingKept: true } : event;
    }
  } finally {
    for (const signal of signals) signal.removeEventListener("abort", onAbort);
    await run.leave();
    if (run.hasBegun && !ask.readOnly) await run.keepEncoding();
    if (run.hasBegun) await note();
    client.off("notice", onNotice);
    await releaseAfter(session, ask, run);
  }
}

/** One batch may go beyond the byte cap by so much; then the statement is cancelled and its rows are dropped. */
const batchSlack = 16 * 1024 * 1024;
/** What may still come until the cancellation arrives. It is dropped as it comes. */
const cancelSlack = 192 * 1024 * 1024;
/** Rows of the first batch: a screenful, so that something shows at once. */
const firstBatch = 64;
const batchBytes = 512 * 1024;
const greatestBatch = 500;
const noticeCap = 1_000;
/** A server that knows the limit is to say it first: its words tell more, and they may have a slow way to come. */
const limitGraceMs = 5_000;

/** What one run has seen so far. */
class Run {
  readonly #session: PooledSession;
  readonly #ask: StatementAsk;
  readonly #steps: StepQueue;
  #portal: PortalQuery;
  #startedAt = 0;
  #isFramed: boolean;
  #firstRowAt: number | undefined;
  #fields: readonly FieldDef[] | undefined;
  #typesKnown = true;
  #sent = 0;
  #rowCap: number;
  #byteBudget = resultByteCap;
  /** Came with the others, and is one too many: it tells that there are more. */
  #beyond: { readonly rows: readonly Cell[][]; readonly cut: readonly CutCell[] } | undefined;
  /** While it waits at its limit. */
  #waiting: { readonly forMs: number; readonly end: () => void } | undefined;
  #waitedMs = 0;
  #waited: WaitEnd | undefined;
  #capped: Capped | null = null;
  #notices = 0;
  #stopped: Stopped | undefined;
  #cancelling: Cancelling | undefined;
  #asked: MarkQuestion | undefined;
  /** What it leaves in the session is kept for a tab. */
  readonly #leaves: boolean;
  #absorbed = false;
  #over: "not begun" | "running" | "over" = "not begun";
  #stopLimit: (() => void) | undefined;
  /** Of a statement that has ended well. */
  tag: string | null = null;
  /** The client cannot be used again. */
  broken = false;
  /** The statement ended although a cancellation was sent: it may still arrive. */
  outran = false;

  constructor(session: PooledSession, ask: StatementAsk, steps: StepQueue) {
    this.#session = session;
    this.#ask = ask;
    this.#rowCap = ask.rowCap;
    this.#steps = steps;
    this.#leaves = !ask.readOnly && session.ofTab() !== undefined;
    const before = framedBy(session, ask);
    this.#isFramed = before.length > 0;
    this.#portal = this.#portalWith(before);
  }

  #portalWith(before: readonly string[]): PortalQuery {
    const limits = {
      firstBatch: Math.min(firstBatch, this.#ask.rowCap + 1),
      byteCap: resultByteCap + batchSlack,
      before,
      onBreach: () => this.#session.connection.inbound.stop("rows"),
      behind: (tag: string) => this.#askBehind(tag),
    };
    return new PortalQuery(this.#ask.statement, limits, (step) => this.#receive(step));
  }

  /** What the statement leaves in a tab's session is asked with its end, where no cancellation could hit that. */
  #askBehind(tag: string): PortalQuery | undefined {
    if (!this.#leaves || this.#stopped !== undefined) return undefined;
    this.#asked = askBehind(this.#session, this.#ask.statement.text, tag);
    return this.#asked?.portal;
  }

  begin(): void {
    this.#startedAt = performance.now();
    this.#over = "running";
    // The server's own limit is for one batch of rows; a reader who takes his time must not hold the transaction.
    if (this.#ask.readOnly) this.#limit();
    this.#session.connection.client.query(this.#portal);
  }

  /** Ends the statement from here, where the server's own limit is not set, or not enough. */
  #limit(): void {
    if (this.#ask.timeoutMs <= 0) return;
    const { limits } = this.#session.learned;
    const knownThere = limits === undefined || limits.settings.includes("statement_timeout");
    const graceMs = knownThere ? limitGraceMs : 0;
    this.#stopLimit?.();
    const handle = setTimeout(() => this.stop("too-long"), this.#ask.timeoutMs + graceMs);
    handle.unref();
    this.#stopLimit = () => clearTimeout(handle);
  }

  /**
   * Once more without its frame, or with less of it: where that is what the server refused, and so nothing was done.
   * @returns false where it was not
   */
  async #withoutFrame(error: Error): Promise<boolean> {
    if (!this.#isFramed || !isServerError(error) || this.#stopped !== undefined) return false;
    const isAlone = error.routine === "PreventInTransactionBlock" && error.where === undefined;
    if (this.#portal.framing > 0) await learnLimits(this.#session, this.#ask);
    else if (!isAlone) return false;
    this.#isFramed = false;
    this.#portal = this.#portalWith(isAlone ? [] : framedBy(this.#session, this.#ask));
    this.#limit();
    this.#session.connection.client.query(this.#portal);
    return true;
  }

  /** A message of the server beside the result. */
  note(message: NoticeMessage): void {
    // SET LOCAL warns where it is first in its implicit transaction, and holds.
    if (this.#portal.framing > 0) return;
    this.#notices += 1;
    if (this.#notices <= noticeCap) this.#steps.push({ type: "notice", notice: noticeOf(message) });
  }

  /** Ends the statement on the server; its error says so when it arrives. */
  stop(why: Stopped): void {
    if (this.#over !== "running") return;
    // What waits has done its work: it ends as it would have ended at its limit.
    if (this.#waiting !== undefined) {
      this.#endWait(undefined);
      return;
    }
    this.#stopped ??= why;
    if (this.#portal.suspended) this.#portal.abandon();
    else this.#cancel();
  }

  #cancel(): void {
    this.#cancelling ??= cancelOrCut(this.#session.connection, this.#ask.cancel);
  }

  get hasBegun(): boolean {
    return this.#over !== "not begun";
  }

  /** Sees to it that the session goes on in UTF-8; tells whether it would not have. */
  async keepEncoding(): Promise<boolean> {
    await this.#cancelling?.arrived;
    if (this.broken) return false;
    try {
      return await keepEncoding(this.#session.connection);
    } catch {
      this.broken = true;
      return false;
    }
  }

  /** Asks what the statement has left in the session. */
  async noteState(): Promise<void> {
    // A cancellation that is still on its way would hit the question.
    await this.#cancelling?.arrived;
    if (this.broken) return;
    const asked = this.#cancelling === undefined ? this.#asked : undefined;
    try {
      if (await noteState(this.#session, this.#ask.statement.text, asked)) this.#absorbed = true;
    } catch {
      this.broken = true;
    }
  }

  /** The statement ended although a cancellation was sent, and nothing has come after it that could have met it. */
  get mayBeHit(): boolean {
    return this.outran && !this.#absorbed;
  }

  /** The person's page went away: the statement is ended, and its end is waited for. */
  async leave(): Promise<void> {
    if (this.#over === "running") {
      this.stop("cancelled");
      while (this.#over === "running") {
        const step = await this.#steps.next();
        if (step.type === "suspended") this.#portal.abandon();
        if (step.type === "end" || step.type === "error") this.#end(step);
      }
    }
    this.#stopLimit?.();
    await this.#cancelling?.ended();
  }

  /** Every event between `started` and the end, the end included. */
  async *events(): AsyncGenerator<RunEvent, void, void> {
    for (;;) {
      const step = await this.#steps.next();
      switch (step.type) {
        case "columns": {
          this.#fields = step.fields;
          const { columns, complete } = describeColumns(step.fields, this.#session.typeNames);
          this.#typesKnown = complete;
          yield { type: "columns", columns, ms: this.#elapsed() };
          break;
        }
        case "batch": {
          const room = this.#rowCap - this.#sent;
          if (step.rows.length > room) this.#capped = "rows";
          const rows = step.rows.slice(0, room);
          this.#sent += rows.length;
          const cut = step.cut.filter((cell) => cell.row < room);
          const later = step.cut.filter((cell) => cell.row >= room);
          this.#beyond = {
            rows: step.rows.slice(room),
            cut: later.map((cell) => ({ ...cell, row: cell.row - room })),
          };
          if (rows.length > 0) yield { type: "rows", rows, cut };
          break;
        }
        case "suspended":
          this.#goOn();
          if (this.#waiting !== undefined) {
            const { forMs } = this.#waiting;
            yield { type: "paused", done: this.#done(null, this.#elapsed()), forMs };
          }
          break;
        case "notice":
          yield step;
          break;
        case "end":
        case "error": {
          if (step.type === "error" && step.alive && (await this.#withoutFrame(step.error))) break;
          const ms = this.#elapsed();
          this.#end(step);
          if (step.type === "error") {
            yield this.failure(step.error, this.#stopped ?? null, ms);
            return;
          }
          if (this.#stopped === "copy-out") {
            yield this.failure(new Error("COPY TO STDOUT"), "copy-out", ms);
            return;
          }
          // The cancellation came too late: the statement is done, its last rows were not kept.
          if (this.#stopped === "too-large") this.#capped = "bytes";
          yield* this.#lateTypes();
          yield this.#done(step.tag, ms);
          return;
        }
      }
    }
  }

  /** The event for an end that was not one. */
  failure(error: Error, stopped: Stopped | null, ms = this.#elapsed()): RunEvent {
    const fromServer = isServerError(error) ? errorOf(error) : null;
    // 57014 query_canceled: ours when we asked for it, else a timeout or somebody else's doing. 34000: abandoned.
    const asked = fromServer === null || fromServer.sqlstate === "57014" || fromServer.sqlstate === "34000";
    const recalled = this.#session.signal.aborted ? this.#session.signal.reason : null;
    // The guard cuts a socket that brings more than it may; the driver only sees it close.
    const breached = fromServer === null && this.#session.connection.inbound.breach !== null;
    const why = breached ? "too-large" : stopped !== null && asked ? stopped : null;
    return {
      type: "error",
      problem: recalled ?? (fromServer === null && why === null ? problem("net-closed") : null),
      // The error that abandons a portal is our own device.
      error: why !== null && fromServer?.sqlstate === "34000" ? null : fromServer,
      stopped: why,
      rows: this.#sent,
      ms,
      transaction: this.#transaction(),
    };
  }

  #receive(step: PortalStep): void {
    if (step.type === "batch") this.#firstRowAt ??= this.#elapsed();
    if (step.type === "overflow") this.stop("too-large");
    else if (step.type === "copy-out") this.stop("copy-out");
    else this.#steps.push(step);
  }

  /** The server waits for us: more rows, or enough. */
  #goOn(): void {
    const enough = this.#sent >= this.#rowCap && this.#capped !== null;
    if (!enough && this.#portal.bytes >= this.#byteBudget) this.#capped = "bytes";
    if (this.#stopped !== undefined) {
      this.#portal.abandon();
      return;
    }
    if (this.#capped !== null) {
      if (this.#mayWait()) this.#wait();
      else this.#portal.finish();
      return;
    }
    this.#fetch();
  }

  #fetch(): void {
    const mean = Math.max(1, this.#portal.bytes / Math.max(1, this.#portal.rowsReceived));
    const wanted = Math.min(greatestBatch, Math.max(1, Math.floor(batchBytes / mean)));
    // One row more than the cap tells a result that ends there from one that goes on.
    const room = this.#rowCap - this.#sent - (this.#beyond?.rows.length ?? 0);
    this.#portal.more(Math.min(wanted, room + 1));
  }

  #mayWait(): boolean {
    if ((this.#ask.waitMs ?? 0) <= 0) return false;
    if (this.#waitMs() <= 0) {
      this.#waited = "time";
      return false;
    }
    if (this.#sent >= mostRows || this.#portal.bytes >= mostBytes) {
      this.#waited = "most";
      return false;
    }
    const inOwn = this.#session.connection.client.getTransactionStatus() === "T";
    return this.#ask.readOnly || inOwn || onlyReads(this.#ask.statement.text);
  }

  /** A statement's own time goes on while its portal waits, and at its end the server undoes it: that must not come first. */
  #waitMs(): number {
    const { timeoutMs, waitMs = 0 } = this.#ask;
    const left = timeoutMs - (performance.now() - this.#startedAt) - graceBeforeLimitMs;
    return timeoutMs > 0 ? Math.min(waitMs, Math.floor(left)) : waitMs;
  }

  /** The portal stays as it is, its transaction with it, until more is asked for or somebody needs the session. */
  #wait(): void {
    const since = performance.now();
    const forMs = this.#waitMs();
    const handle = setTimeout(() => this.#endWait("time"), forMs);
    handle.unref();
    const end = () => {
      clearTimeout(handle);
      this.#waiting = undefined;
      this.#waitedMs += performance.now() - since;
      this.#session.whenWanted(undefined);
      this.#ask.onWait?.(undefined);
    };
    this.#waiting = { forMs, end };
    this.#ask.onWait?.((rows) => this.#more(rows));
    // Somebody may stand in line already: that ends it at once.
    this.#session.whenWanted(() => this.#endWait("wanted"));
  }

  #endWait(why: WaitEnd | undefined): void {
    if (this.#waiting === undefined) return;
    this.#waiting.end();
    this.#waited = why;
    this.#portal.finish();
  }

  #more(rows: number): boolean {
    if (this.#waiting === undefined) return false;
    this.#waiting.end();
    this.#capped = null;
    this.#rowCap = Math.min(mostRows, this.#sent + rows);
    this.#byteBudget = Math.min(mostBytes, this.#portal.bytes + resultByteCap);
    this.#portal.allow(this.#byteBudget + batchSlack);
    this.#session.connection.inbound.startResult(resultByteCap + cancelSlack, Number.POSITIVE_INFINITY);
    const beyond = this.#beyond;
    if (beyond !== undefined && beyond.rows.length > 0) this.#steps.push({ type: "batch", ...beyond });
    this.#fetch();
    return true;
  }

  #end(step: PortalStep & { readonly type: "end" | "error" }): void {
    this.#over = "over";
    this.#stopLimit?.();
    if (step.type === "end") {
      this.tag = step.tag;
      this.outran = this.#cancelling !== undefined;
      return;
    }
    this.broken = !step.alive;
    const hit = isServerError(step.error) && step.error.code === "57014";
    this.outran = !hit && this.#cancelling !== undefined;
  }

  async *#lateTypes(): AsyncGenerator<RunEvent, void, void> {
    const { client } = this.#session.connection;
    if (this.#fields === undefined || this.#typesKnown || this.#transaction() === "failed") return;
    // A server that has refused something of ours may refuse this, too, and the person's transaction would have failed.
    if (this.#transaction() === "open" && this.#session.learned.limits !== undefined) return;
    try {
      await learnTypes(client, this.#fields, this.#session.typeNames);
    } catch {
      // The names are a comfort. In a transaction of the person's own the failure shows as its state.
      await settledStatus(client);
      return;
    }
    yield { type: "types", columns: describeColumns(this.#fields, this.#session.typeNames).columns };
  }

  #done(tag: string | null, ms: number): DoneEvent {
    return {
      type: "done",
      tag,
      affected: this.#affected(tag),
      rows: this.#sent,
      capped: this.#capped,
      rowCap: this.#rowCap,
      firstRowMs: this.#firstRowAt ?? null,
      ms,
      noticesDropped: Math.max(0, this.#notices - noticeCap),
      transaction: this.#transaction(),
      ...(this.#waited !== undefined && { waited: this.#waited }),
    };
  }

  /** With rows fetched in batches, the tag counts the last batch only; each row returned was one row written. */
  #affected(tag: string | null): number | null {
    const match = /^([A-Z ]+?)(?: \d+)? (\d+)$/.exec(tag ?? "");
    if (match === null) return null;
    if (this.#fields === undefined) return Number(match[2]);
    const writes = /^(INSERT|UPDATE|DELETE|MERGE)$/.test(match[1] ?? "");
    return writes && this.#capped === null ? this.#sent : null;
  }

  #transaction(): TransactionState {
    if (this.#ask.readOnly) return "none";
    const status = this.#session.connection.client.getTransactionStatus();
    return status === "T" ? "open" : status === "E" ? "failed" : "none";
  }

  #elapsed(): number {
    return this.#startedAt === 0 ? 0 : roundedMs(performance.now() - this.#startedAt - this.#waitedMs);
  }
}

/** Releases the client, with nothing of a read-only run left on it; closes it where that is not certain. */
async function releaseAfter(session: PooledSession, ask: StatementAsk, run: Run): Promise<void> {
  const { client } = session.connection;
  const inTransaction = !ask.readOnly && client.getTransactionStatus() !== "I";
  // A cancellation that came too late may still hit the next statement. What is in a transaction is worth more.
  if (run.broken || (run.mayBeHit && !inTransaction)) {
    session.discard();
    return;
  }
  if (!ask.readOnly) {
    session.release();
    return;
  }
  const isLeft = await leaveReadOnlyRun(session, run.tag);
  // In the tab's own session, what it has locked or prepared stays as what any other run does.
  if (isLeft && session.keeps) await run.noteState();
  if (isLeft && !run.broken) session.release();
  else session.discard();
}
