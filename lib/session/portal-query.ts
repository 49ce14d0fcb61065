import "server-only";
import type { Connection, FieldDef, Submittable } from "pg";
import { afterError } from "#lib/wire/after-error.ts";
import { type ExtendedProtocol, extendedProtocol } from "#lib/wire/pg-internals.ts";
import { isServerError } from "#lib/wire/server-error.ts";
import type { Cell, CutCell } from "./run-events.ts";
import type { Statement } from "./statement.ts";

/** Longest value that is kept whole, in characters; the rest is cut off and its length told. */
export const cellCap = 1_048_576;

/** What a row weighs beside its values: rows without any fill the memory, too. */
const rowBytes = 64;

/** What a portal hands over, in this order: at most one `columns`, any number of `batch`, then `end` or `error`. */
export type PortalStep =
  | { readonly type: "columns"; readonly fields: readonly FieldDef[] }
  | { readonly type: "batch"; readonly rows: readonly Cell[][]; readonly cut: readonly CutCell[] }
  /** The server waits: it sends more only when `more` is called. */
  | { readonly type: "suspended" }
  | { readonly type: "overflow" }
  | { readonly type: "copy-out" }
  | { readonly type: "end"; readonly tag: string | null }
  /** `alive`: the session goes on, and its transaction status is known. */
  | { readonly type: "error"; readonly error: Error; readonly alive: boolean };

export interface PortalLimits {
  /** Rows of the first batch; 0 for all there are. */
  readonly firstBatch: number;
  /** Bytes after which rows are dropped and `overflow` is told. */
  readonly byteCap: number;
  /** Longest value that is kept whole, in characters. */
  readonly cellCap?: number;
  /** Told once when the server sends more rows than it was asked for, or describes them twice: it is not to be read on. */
  readonly onBreach?: () => void;
  /**
   * What is executed before the statement, in the same implicit transaction and the same packet; its results are
   * dropped. Where one of it is refused, nothing is done, and the error comes while `framing` is not yet 0.
   */
  readonly before?: readonly string[];
  /**
   * Asked once the server has done the statement and waits for its end: what the client is asked next, already in its
   * queue, goes in the same packet as that end, which saves a round trip. Its answer comes in its own turn.
   */
  readonly behind?: (tag: string) => PortalQuery | undefined;
}

/**
 * One statement over the extended protocol, through a portal: the server sends as many rows as are asked for and
 * then waits. Values stay the text that the server wrote.
 *
 * `pg-cursor` does nearly this, but throws inside the socket's own event for `COPY … FROM STDIN`, which ends the
 * process, and keeps no count of bytes.
 */
export class PortalQuery implements Submittable {
  readonly #statement: Statement;
  readonly #onStep: (step: PortalStep) => void;
  #byteCap: number;
  readonly #cellCap: number;
  readonly #firstBatch: number;
  readonly #before: readonly string[];
  readonly #portal = `cloak-db result ${++portals}`;
  #wire: ExtendedProtocol | undefined;
  readonly #onBreach: () => void;
  readonly #behind: PortalLimits["behind"];
  #rowsLeft: number;
  #described = false;
  #broken = false;
  #rows: Cell[][] = [];
  #cut: CutCell[] = [];
  #tag: string | null = null;
  #synced = false;
  #over = false;
  #overflowing = false;
  /** Statements of the frame that have not ended yet: while there are some, the statement itself has not begun. */
  framing: number;
  /** Bytes of the rows received so far, as they came over the wire, and what keeping each costs. */
  bytes = 0;
  rowsReceived = 0;
  /** The server waits for `more`, `finish` or `abandon`. */
  suspended = false;

  /**
   * @param statement its text is one statement; the server refuses more than one (42601), and values that are fewer or
   *                  more than its parameters (08P01)
   * @param onStep    called inside the socket's data event: must not throw
   */
  constructor(statement: Statement, limits: PortalLimits, onStep: (step: PortalStep) => void) {
    this.#statement = statement;
    this.#before = limits.before ?? [];
    this.framing = this.#before.length;
    this.#onStep = onStep;
    this.#byteCap = limits.byteCap;
    this.#cellCap = limits.cellCap ?? cellCap;
    this.#firstBatch = limits.firstBatch;
    this.#rowsLeft = limits.firstBatch === 0 ? Number.POSITIVE_INFINITY : limits.firstBatch;
    this.#onBreach = limits.onBreach ?? (() => undefined);
    this.#behind = limits.behind;
  }

  /** Called by the client when its turn has come, or by the portal before it that took it along. */
  submit(connection: Connection): void {
    if (this.#wire !== undefined) return;
    const wire = extendedProtocol(connection);
    this.#wire = wire;
    wire.stream.cork();
    for (const text of this.#before) {
      wire.parse({ text });
      wire.bind({});
      wire.execute({});
    }
    wire.parse({ text: this.#statement.text });
    wire.bind({ portal: this.#portal, values: this.#statement.values });
    wire.describe({ type: "P", name: this.#portal });
    wire.execute({ portal: this.#portal, rows: this.#firstBatch });
    // Where the server waits for nothing, the end goes along: one round trip.
    if (this.#firstBatch === 0) this.#sync();
    else wire.flush();
    wire.stream.uncork();
  }

  /** So many bytes may come in all. */
  allow(bytes: number): void {
    this.#byteCap = bytes;
  }

  /** Lets the server go on after `suspended`, by so many rows. */
  more(rows: number): void {
    if (!this.suspended) return;
    this.suspended = false;
    this.#rowsLeft = rows;
    this.#wire?.execute({ portal: this.#portal, rows });
    this.#wire?.flush();
  }

  /** Ends the statement after `suspended`: what it has written stays written, rows not fetched are dropped. */
  finish(): void {
    if (!this.suspended) return;
    this.suspended = false;
    this.#wire?.close({ type: "P", name: this.#portal });
    this.#sync();
  }

  /**
   * Ends the statement after `suspended` and undoes it, as a cancellation of a running one does. A server that waits
   * ignores a CancelRequest, and a mere close would commit: an error does what is meant.
   */
  abandon(): void {
    if (!this.suspended) return;
    this.suspended = false;
    this.#wire?.execute({ portal: abandonedPortal, rows: 1 });
    this.#sync();
  }

  handleRowDescription(message: { readonly fields: readonly FieldDef[] }): void {
    if (this.framing > 0 || this.#described) {
      this.#breach();
      return;
    }
    this.#described = true;
    this.#onStep({ type: "columns", fields: message.fields });
  }

  handleDataRow(message: { readonly fields: Cell[]; readonly length: number }): void {
    if (this.framing > 0 || this.#broken) return;
    this.#rowsLeft -= 1;
    if (this.#rowsLeft < 0) {
      this.#breach();
      return;
    }
    this.bytes += message.length + rowBytes;
    if (this.bytes > this.#byteCap) {
      if (!this.#overflowing) {
        this.#overflowing = true;
        this.#onStep({ type: "overflow" });
      }
      return;
    }
    this.rowsReceived += 1;
    const cells = message.fields;
    for (let column = 0; column < cells.length; column += 1) {
      const cell = cells[column];
      if (typeof cell !== "string" || cell.length <= this.#cellCap) continue;
      this.#cut.push({ row: this.#rows.length, column, length: cell.length });
      cells[column] = cutText(cell, this.#cellCap);
    }
    this.#rows.push(cells);
  }

  handlePortalSuspended(): void {
    this.#flushRows();
    this.suspended = true;
    this.#onStep({ type: "suspended" });
  }

  handleCommandComplete(message: { readonly text: string }, connection: Connection): void {
    if (this.framing > 0) {
      this.framing -= 1;
      return;
    }
    this.#flushRows();
    this.#tag = message.text;
    if (this.#synced) return;
    const { stream } = extendedProtocol(connection);
    stream.cork();
    this.#wire?.close({ type: "P", name: this.#portal });
    this.#sync();
    this.#behind?.(message.text)?.submit(connection);
    stream.uncork();
  }

  handleEmptyQuery(): void {
    this.#sync();
  }

  handleError(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#flushRows();
    const wire = this.#wire;
    if (wire === undefined || !isServerError(error)) {
      this.#onStep({ type: "error", error, alive: false });
      return;
    }
    afterError(wire, (alive) => this.#onStep({ type: "error", error, alive }));
    // An error may come after our Sync (a deferred constraint at commit): a second one would be answered too.
    this.#sync();
  }

  handleReadyForQuery(): void {
    if (this.#over) return;
    this.#over = true;
    this.#onStep({ type: "end", tag: this.#tag });
  }

  /** `COPY … FROM STDIN`: there is nothing to send, and the server says so with its own error. */
  handleCopyInResponse(): void {
    this.#wire?.sendCopyFail("COPY FROM STDIN has no input here");
  }

  /** `COPY … TO STDOUT` ignores the portal's row count; the first piece tells, the rest is dropped. */
  handleCopyData(): void {
    if (this.#overflowing) return;
    this.#overflowing = true;
    this.#onStep({ type: "copy-out" });
  }

  #breach(): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#onBreach();
  }

  #flushRows(): void {
    if (this.#rows.length === 0) return;
    const batch = { rows: this.#rows, cut: this.#cut };
    this.#rows = [];
    this.#cut = [];
    this.#onStep({ type: "batch", ...batch });
  }

  #sync(): void {
    if (this.#synced) return;
    this.#synced = true;
    this.#wire?.sync();
  }
}

/** In a transaction a failed portal may outlive its statement, so that no name is used twice. */
let portals = 0;
/** Never bound: executing it is an error, 34000 invalid_cursor_name. */
const abandonedPortal = "cloak-db: statement ended";

/** Cuts without leaving half of a surrogate pair. */
function cutText(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
