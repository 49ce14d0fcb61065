import "server-only";
import { processWide } from "#lib/process-wide.ts";
import {
  type CommitOutcome,
  commitOutcome,
  tellsOutcome,
  transactionId,
} from "#lib/session/commit-outcome.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import { runTogether, type Together } from "#lib/session/run-together.ts";
import { statement } from "#lib/session/statement.ts";
import { isServerError } from "#lib/wire/server-error.ts";
import { serverText } from "#lib/wire/server-text.ts";
import type { AskedImport } from "./ask.ts";
import { CopyIn } from "./copy-in.ts";
import { type Deferred, deferred } from "./deferred.ts";
import { copiedTable, copyFrom, fromStage, isStaged, placeIn, stageSql } from "./import-sql.ts";
import type { BadLine, ImportStand, TransferTrouble } from "./shapes.ts";
import { TransferStop } from "./transfer-stop.ts";
import { endTransfer, type Transfer } from "./transfers.ts";

/** A file that comes piece by piece, and a transaction that keeps all of it or nothing. */
export interface ImportRun {
  readonly transfer: Transfer;
  stand(): ImportStand;
  /**
   * A piece, by its number, as it comes; one that overtook others on the way waits for its turn. One that breaks off ends
   * the import. @returns false for any other number
   */
  piece(number: number, parts: AsyncIterable<Uint8Array>): Promise<boolean>;
  /** All was sent: the rows are kept, or given up where it was a trial. Waits for a moment at most. */
  finish(): Promise<void>;
}

/** Nothing comes for so long: the browser or the network is gone, ms. */
const stallMs = 60_000;
/** How long a cancelled statement has to end before its connection is cut, ms. */
const cancelGraceMs = 5_000;
/** A request waits so long for the end and is then asked again: no proxy on the way loses its patience. */
const finishMs = 5_000;
/** What the answer to a COMMIT may weigh, and to the question for the transaction's id. */
const answerBytes = 64 * 1024;
const cutCommit = {
  aborted: "rolled-back",
  "no-function": "commit-untold",
  unreachable: "commit",
} as const satisfies Readonly<Record<Exclude<CommitOutcome, "committed">, TransferTrouble["why"]>>;
const mostBadLines = 1_000;
/** Pieces on their way at once: while one is copied, the next ones come. */
const mostWaiting = 4;

export interface ImportControl {
  readonly cancel: () => Promise<unknown>;
  /** Opens another session of the same connection, to ask what became of a COMMIT; undefined where that fails (yet). */
  readonly reopen: () => Promise<PooledSession | undefined>;
  /** Told once. */
  readonly onEnd: () => Promise<void>;
}

/**
 * Begins an import in a session of its own, which it closes at the end. The server is asked at once: what it refuses before
 * any row is thrown. Before COMMIT the transaction's id is noted: where the connection breaks during it, another asks what
 * became of it.
 */
export async function beginImport(
  session: PooledSession,
  ask: AskedImport,
  transfer: Transfer,
  control: ImportControl,
): Promise<ImportRun> {
  const run = new Import(session, ask, transfer, control);
  await run.begin();
  register().set(transfer, run);
  return run;
}

/** A run that was begun in this process; whose it is, the transfer says. */
export function importOf(transfer: Transfer): ImportRun | undefined {
  return register().get(transfer);
}

/** What is kept of a run, its closed session too, goes with its transfer, of which a sign-in has only so many. */
function register(): WeakMap<Transfer, ImportRun> {
  return processWide("imports", () => new WeakMap<Transfer, ImportRun>());
}

class Import implements ImportRun {
  readonly transfer: Transfer;
  readonly #session: PooledSession;
  readonly #ask: AskedImport;
  readonly #control: ImportControl;
  #copy: CopyIn;
  #next = 0;
  readonly #turns = new Map<number, Deferred<void>>();
  #bad: BadLine[] = [];
  #badLines = 0;
  #everyBadLine: boolean;
  #stall: NodeJS.Timeout | undefined;
  #isFinishing = false;
  #isCommitting = false;
  #tellsOutcome = false;
  #foundOut = false;
  /** Why it was to end while it was committed. */
  #unwanted: TransferStop | undefined;
  #over = deferred<void>();

  constructor(session: PooledSession, ask: AskedImport, transfer: Transfer, control: ImportControl) {
    this.#session = session;
    this.#ask = ask;
    this.transfer = transfer;
    this.#control = control;
    const major = Number.parseInt(session.connection.parameters.get("server_version") ?? "", 10);
    this.#everyBadLine = ask.trial && major >= 17;
    this.#copy = this.#newCopy();
  }

  #newCopy(): CopyIn {
    return new CopyIn(copyFrom(this.#ask, this.#everyBadLine), this.#session.connection.socket);
  }

  async begin(): Promise<void> {
    const { client, inbound } = this.#session.connection;
    const { signal } = this.#session;
    try {
      this.#tellsOutcome = !this.#ask.trial && (await tellsOutcome(this.#session.connection));
      await this.#enter();
      inbound.startResult(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
      client.on("notice", this.#onNotice);
      await this.#open();
    } catch (error) {
      client.off("notice", this.#onNotice);
      this.#session.discard();
      throw error;
    }
    this.transfer.state = "running";
    this.transfer.startedAt = performance.now();
    this.#wait();
    const onAbort = (by: AbortSignal) => () =>
      this.#stop(by.reason instanceof TransferStop ? by.reason : new TransferStop("changed"));
    // The server may refuse a row long before the last one is sent.
    this.#copy.ended.catch((error: unknown) => this.#end(error));
    for (const by of [signal, this.transfer.stop.signal]) {
      by.addEventListener("abort", onAbort(by), { once: true });
      // It may have waited for its table until now, and not be wanted any longer.
      if (by.aborted) void onAbort(by)();
    }
  }

  async #enter(): Promise<void> {
    const { client } = this.#session.connection;
    await client.query("begin; set local statement_timeout = 0; set local lock_timeout = 5000");
    if (isStaged(this.#ask)) await client.query(stageSql(this.#ask));
  }

  /** A relative of PostgreSQL may say that it is of a version whose options it does not know. */
  async #open(): Promise<void> {
    const { client } = this.#session.connection;
    client.query(this.#copy);
    try {
      await this.#copy.taking;
    } catch (error) {
      const isOption = isServerError(error) && (error.code === "42601" || error.code === "0A000");
      if (!this.#everyBadLine || !isOption) throw error;
      await client.query("rollback");
      await this.#enter();
      this.#everyBadLine = false;
      this.#copy = this.#newCopy();
      client.query(this.#copy);
      await this.#copy.taking;
    }
  }

  stand(): ImportStand {
    const { state, bytes, rows, startedAt, endedAt, trouble } = this.transfer;
    return {
      state,
      bytes,
      rows: state === "done" ? rows : null,
      ms: startedAt === undefined ? 0 : Math.round((endedAt ?? performance.now()) - startedAt),
      trial: this.#ask.trial,
      trouble,
      bad: this.#bad,
      badLines: this.#badLines,
      foundOut: this.#foundOut,
      allBadLines: this.#everyBadLine,
    };
  }

  async piece(number: number, parts: AsyncIterable<Uint8Array>): Promise<boolean> {
    if (number < this.#next || number >= this.#next + mostWaiting || this.#isFinishing) return false;
    if (this.#turns.has(number)) return false;
    const turn = deferred<void>();
    this.#turns.set(number, turn);
    if (number === this.#next) turn.resolve();
    await Promise.race([turn.promise, this.#over.promise]);
    if (this.transfer.endedAt !== undefined) return true;
    clearTimeout(this.#stall);
    this.#wait();
    try {
      let isFirst = number === 0;
      for await (const part of parts) {
        this.transfer.bytes += part.length;
        await this.#copy.write(isFirst ? this.#withoutMark(part) : part);
        isFirst = false;
      }
    } catch {
      await this.#stop(new TransferStop("left"));
      return true;
    }
    clearTimeout(this.#stall);
    this.#wait();
    this.#turns.delete(number);
    this.#next = number + 1;
    this.#turns.get(this.#next)?.resolve();
    return true;
  }

  async finish(): Promise<void> {
    if (!this.#isFinishing && this.transfer.endedAt === undefined) {
      this.#isFinishing = true;
      clearTimeout(this.#stall);
      // Fewer bytes than the file has are not the file.
      if (this.transfer.bytes === this.#ask.bytes) void this.#keep();
      else void this.#stop(new TransferStop("left"));
    }
    const handle = deferred<void>();
    const timer = setTimeout(() => handle.resolve(), finishMs);
    await Promise.race([this.#over.promise, handle.promise]);
    clearTimeout(timer);
  }

  /** A byte order mark is the file's, not the first value's. */
  #withoutMark(bytes: Uint8Array): Uint8Array {
    const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return this.#ask.encoding === "UTF8" && isMarked ? bytes.subarray(3) : bytes;
  }

  async #keep(): Promise<void> {
    const { client } = this.#session.connection;
    try {
      this.#copy.end();
      this.transfer.rows = await this.#copy.ended;
      if (this.transfer.endedAt !== undefined) return;
      if (isStaged(this.#ask)) await client.query(fromStage(this.#ask));
      if (this.transfer.endedAt !== undefined) return;
      if (this.#ask.trial) {
        // Constraints that wait for the end are asked in a trial, too.
        await client.query("set constraints all immediate");
        await client.query("rollback");
      } else await this.#commit();
      await this.#end();
    } catch (error) {
      const isUndone = isServerError(error) || (error instanceof TransferStop && error.why === "rolled-back");
      await this.#end(isUndone ? (this.#unwanted ?? error) : error);
    }
  }

  async #commit(): Promise<void> {
    const { connection } = this.#session;
    const send = (text: string) => runTogether(connection, [statement(text)], answerBytes);
    const noted = this.#tellsOutcome ? await send(transactionId) : undefined;
    if (this.transfer.endedAt !== undefined) return;
    if (noted?.ok === false) throw noted.error;
    this.#isCommitting = true;
    let ended: Together;
    try {
      ended = await send("commit");
    } catch {
      // Its place is given back before another is asked for.
      this.#session.discard();
      const became = await commitOutcome(noted?.results[0]?.rows[0]?.[0] ?? null, this.#control.reopen);
      if (became !== "committed") throw new TransferStop(cutCommit[became]);
      this.#foundOut = true;
      return;
    }
    if (!ended.ok) throw ended.error;
  }

  /** Gives up what was read: on the server, too, where a statement of it runs. */
  async #stop(reason: TransferStop): Promise<void> {
    if (this.transfer.endedAt !== undefined) return;
    const { socket } = this.#session.connection;
    const cut = () => socket.destroy();
    const cutting = setTimeout(cut, cancelGraceMs);
    cutting.unref();
    if (this.#isCommitting) {
      // What became of it the server alone can tell.
      this.#unwanted ??= reason;
      await this.#control.cancel().catch(cut);
      await this.#over.promise;
      clearTimeout(cutting);
      return;
    }
    const ended = this.#end(reason, true);
    this.#copy.fail("given up");
    if (this.#isFinishing) await this.#control.cancel().catch(cut);
    await this.#copy.ended.catch(() => undefined);
    clearTimeout(cutting);
    this.#session.discard();
    await ended;
  }

  async #end(error?: unknown, isStopping = false): Promise<void> {
    if (this.transfer.endedAt !== undefined) return;
    clearTimeout(this.#stall);
    if (error === undefined) endTransfer(this.transfer, "done");
    else {
      this.transfer.rows = 0;
      const isCancelled = error instanceof TransferStop && error.why === "cancelled";
      endTransfer(
        this.transfer,
        isCancelled ? "cancelled" : "failed",
        isCancelled ? null : this.#troubleOf(error),
      );
    }
    this.#session.connection.client.off("notice", this.#onNotice);
    // Closed, the session takes its transaction along where that has not ended.
    if (!isStopping) this.#session.discard();
    await this.#control.onEnd();
    this.#over.resolve();
  }

  #troubleOf(error: unknown): TransferTrouble {
    if (error instanceof TransferStop && error.why !== "cancelled")
      return { why: error.why, sqlstate: "", message: "" };
    if (!isServerError(error)) return { why: "lost", sqlstate: "", message: "" };
    const detail = error.detail === undefined ? "" : `\n${serverText(error.detail)}`;
    return {
      why: "server",
      sqlstate: error.code ?? "",
      message: `${serverText(error.message)}${detail}`,
      ...placeIn(error.where ?? "", copiedTable(this.#ask), this.#ask.columns),
    };
  }

  readonly #onNotice = (notice: { readonly message?: string | undefined }) => {
    if (!this.#everyBadLine) return;
    const message = notice.message ?? "";
    const { line, column } = placeIn(message, copiedTable(this.#ask), this.#ask.columns);
    // The last one counts them all, and names no column.
    if (line === undefined || column === undefined) return;
    this.#badLines += 1;
    if (this.#bad.length < mostBadLines) this.#bad.push({ line, column, message: serverText(message) });
  };

  #wait(): void {
    if (this.transfer.endedAt !== undefined || this.#isFinishing) return;
    this.#stall = setTimeout(() => void this.#stop(new TransferStop("stalled")), stallMs);
    this.#stall.unref();
  }
}
