import type { Problem } from "#lib/problems/problem.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import type { TabSession, TransactionState } from "./held.ts";

/** One value of a result: the very text that the server wrote, or `null` for SQL's NULL. */
export type Cell = string | null;

/** One column of a result. Names may repeat: a column is known by its place. */
export interface Column {
  readonly name: string;
  /** As `format_type` spells it: `numeric(10,2)`, `timestamp with time zone`, `mood[]`. */
  readonly type: string;
  readonly oid: number;
  /** -1 when the type has none. */
  readonly modifier: number;
  /** Numbers stand at the right. */
  readonly numeric: boolean;
  /** The column of a table that its values are, by the table's OID and the column's number; left out where it is none. */
  readonly from?: { readonly table: number; readonly column: number };
}

/** A value that was too long to be sent whole. */
export interface CutCell {
  /** Index in this batch. */
  readonly row: number;
  readonly column: number;
  /** Whole length in characters (UTF-16 units). */
  readonly length: number;
}

/** A message of the server beside the result. */
export interface Notice {
  /** The server's own word, in its language. */
  readonly severity: string;
  readonly warning: boolean;
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly where?: string;
}

/** What NOTIFY sent to a session that listens. */
export interface Notification {
  readonly channel: string;
  readonly payload: string;
  /** The backend that sent it. */
  readonly pid: number;
}

/** An error of the server: what it said, field by field (protocol 53.8, Error and Notice Message Fields). */
export interface StatementError extends Omit<Notice, "warning"> {
  /** Characters (code points) from the start of the statement, from 1. */
  readonly position?: number;
  readonly internalPosition?: number;
  readonly internalQuery?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly dataType?: string;
  readonly constraint?: string;
  readonly routine?: string;
}

/** Why a result ended before its end. */
export type Capped = "rows" | "bytes";

/**
 * Why a statement was ended from here: the person asked, one batch passed the byte cap, its time was up, `COPY … TO STDOUT`; or was not
 * begun, because the transaction that it was meant for is gone.
 */
export type Stopped = "cancelled" | "too-large" | "too-long" | "copy-out" | "transaction-lost";

/**
 * Why a result that may wait at its limit ended by itself: its time was over, others waited for its session, or it is as
 * large as a page takes.
 */
export type WaitEnd = "time" | "wanted" | "most";

/** The end of a statement that came to one. */
export interface DoneEvent {
  readonly type: "done";
  /** The command tag, `INSERT 0 5`; null when the result was capped or the statement was empty. */
  readonly tag: string | null;
  /** Rows written, or read by a command that returns none of them; null when the tag has no count. */
  readonly affected: number | null;
  /** Rows sent. */
  readonly rows: number;
  readonly capped: Capped | null;
  readonly rowCap: number;
  /** Until the first row, ms; null when there was none. */
  readonly firstRowMs: number | null;
  readonly ms: number;
  /** Notices beyond the cap, which were not sent. */
  readonly noticesDropped: number;
  readonly transaction: TransactionState;
  /** Where it waited at its limit and ended by itself. */
  readonly waited?: WaitEnd;
  /** It set another `client_encoding`, and the console set UTF8 again. */
  readonly encodingKept?: true;
}

/** What a running statement sends, one JSON object a line. It ends with `done` or `error`, exactly one. */
export type RunEvent =
  | {
      readonly type: "started";
      readonly readOnly: boolean;
      /** The attempt that opened this client; null when a live one was used again. */
      readonly opened: AttemptReport | null;
    }
  | { readonly type: "columns"; readonly columns: readonly Column[]; readonly ms: number }
  /** Names of types that only the server knows, by the column's place. */
  | { readonly type: "types"; readonly columns: readonly Column[] }
  | {
      readonly type: "rows";
      readonly rows: readonly (readonly Cell[])[];
      readonly cut: readonly CutCell[];
    }
  | { readonly type: "notice"; readonly notice: Notice }
  /** What has come to a session that listens, since the run before. */
  | {
      readonly type: "notifications";
      readonly notifications: readonly Notification[];
      /** More came, and were not kept. */
      readonly dropped: number;
    }
  /** How the tab's session stands, just before the end of a run that could have changed it. */
  | { readonly type: "session"; readonly session: TabSession }
  /** It has come to its limit and waits for so long, ms: it goes on where more is asked for, and ends otherwise. */
  | { readonly type: "paused"; readonly done: DoneEvent; readonly forMs: number }
  | DoneEvent
  | {
      readonly type: "error";
      /** What the console says of it; null when the server's own words say it all. */
      readonly problem: Problem | null;
      /** What the server said; null when it said nothing. */
      readonly error: StatementError | null;
      /** Why we ended it ourselves; null when we did not. */
      readonly stopped: Stopped | null;
      readonly rows: number;
      readonly ms: number;
      readonly transaction: TransactionState;
    };
