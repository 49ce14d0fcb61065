import type { Explained } from "#app/_server/answer.ts";
import type { RunMessage } from "#app/_server/run-messages.ts";
import type { Column, CutCell, Notice, Notification } from "#lib/session/run-events.ts";
import { ArrivedRows } from "./arrived-rows.ts";

/** What a person asks to run. */
export interface RunRequest {
  readonly sql: string;
  /** Of the parameters `$1`, `$2` …; null is SQL's NULL. */
  readonly values?: readonly (string | null)[];
  readonly readOnly: boolean;
  readonly rowCap: number;
  /** At that limit it waits for `more`. */
  readonly waits?: boolean;
}

export type RunEnd =
  | Extract<RunMessage, { readonly type: "done" | "error" }>
  /** The console refused to begin. */
  | { readonly type: "refused"; readonly explained: Explained | undefined; readonly status: number }
  /** The console was not reached, or fell silent. */
  | { readonly type: "lost" };

/** One run as it stands. `rows` grows in place; `rowCount` says how many of them are shown. */
export interface RunState {
  readonly phase: "idle" | "running" | "cancelling" | "ended";
  readonly request: RunRequest | undefined;
  /** It was one statement of a transaction that was open already. */
  readonly inTransaction: boolean;
  readonly columns: readonly Column[] | undefined;
  readonly rows: ArrivedRows;
  readonly rowCount: number;
  /** Whole lengths of cut values, by `row:column`. */
  readonly cut: ReadonlyMap<string, number>;
  readonly notices: readonly Notice[];
  /** What LISTEN has brought. */
  readonly notifications: Heard;
  readonly end: RunEnd | undefined;
  /** It waits at its limit, so long from its last rows, ms; undefined where it does not. */
  readonly waitsMs: number | undefined;
  /** `performance.now()` when it began. */
  readonly startedAt: number;
  /** The same, of when it went on for the last time. */
  readonly wentOnAt: number;
}

export interface Heard {
  readonly list: readonly Notification[];
  readonly dropped: number;
}

/** What has come of one run. */
export class GatheredRun {
  readonly #request: RunRequest;
  readonly #inTransaction: boolean;
  readonly #rows = new ArrivedRows();
  readonly #cut = new Map<string, number>();
  #notices: readonly Notice[] = [];
  #heard: Heard = { list: [], dropped: 0 };
  #columns: readonly Column[] | undefined;
  #end: RunEnd | undefined;
  #waitsMs: number | undefined;
  /** The stream has ended: before that the next run could not begin. */
  #isOver = false;
  readonly #startedAt = performance.now();
  #wentOnAt = this.#startedAt;

  constructor(request: RunRequest, inTransaction: boolean) {
    this.#request = request;
    this.#inTransaction = inTransaction;
  }

  /** @returns what it says, where it is more than rows */
  take(line: string): Exclude<RunMessage, { readonly type: "rows" }> | undefined {
    const [head, count, cut] = rowsHead.exec(line) ?? [];
    if (head !== undefined) {
      for (const { row, column, length } of JSON.parse(cut ?? "[]") as readonly CutCell[]) {
        this.#cut.set(`${this.#rows.length + row}:${column}`, length);
      }
      this.#rows.add(line.slice(head.length, -1), Number(count));
      return undefined;
    }
    const message = JSON.parse(line) as Exclude<RunMessage, { readonly type: "rows" }>;
    switch (message.type) {
      case "columns":
      case "types":
        this.#columns = message.columns;
        break;
      case "notice":
        this.#notices = [...this.#notices, message.notice];
        break;
      case "notifications": {
        const { list, dropped } = this.#heard;
        this.#heard = { list: [...list, ...message.notifications], dropped: dropped + message.dropped };
        break;
      }
      case "paused":
        this.#end = message.done;
        this.#waitsMs = message.forMs;
        break;
      case "done":
      case "error":
        this.#waitsMs = undefined;
        this.#end = message;
        break;
    }
    return message;
  }

  /** It waits no longer: more has been asked for. */
  goOn(): void {
    this.#waitsMs = undefined;
    this.#end = undefined;
    this.#wentOnAt = performance.now();
  }

  /** A stream that ended without its last word was cut; one that waited had told what it came to. */
  close(refused: RunEnd | undefined): void {
    this.#end ??= refused ?? { type: "lost" };
    this.#waitsMs = undefined;
    this.#isOver = true;
  }

  state(phase: "running" | "cancelling" = "running"): RunState {
    const stands = this.#isOver || this.#waitsMs !== undefined;
    return {
      phase: stands ? "ended" : phase,
      request: this.#request,
      inTransaction: this.#inTransaction,
      columns: this.#columns,
      rows: this.#rows,
      rowCount: this.#rows.length,
      cut: this.#cut,
      notices: this.#notices,
      notifications: this.#heard,
      end: stands ? this.#end : undefined,
      waitsMs: this.#waitsMs,
      startedAt: this.#startedAt,
      wentOnAt: this.#wentOnAt,
    };
  }
}

/** What stands before the rows of a batch, as `runMessages` writes it: they themselves are not parsed yet. */
const rowsHead = /^\{"type":"rows","count":(\d+),"cut":(\[[^\]]*\]),"rows":/;
