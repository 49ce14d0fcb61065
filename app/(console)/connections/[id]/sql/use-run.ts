"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { Explained } from "#app/_server/answer.ts";
import type { RunMessage } from "#app/_server/run-messages.ts";
import type { RunBody } from "#app/api/connections/[id]/run/route.ts";
import { randomId } from "#lib/random-id.ts";
import type { TransactionState } from "#lib/session/held.ts";
import type { Cell, Column, Notice, Notification } from "#lib/session/run-events.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { type TabHandle, useTab } from "./use-tab.ts";

/** What a person asks to run. */
export interface RunRequest {
  readonly sql: string;
  /** Of the parameters `$1`, `$2` …; null is SQL's NULL. */
  readonly values?: readonly (string | null)[];
  readonly readOnly: boolean;
  readonly rowCap: number;
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
  readonly rows: readonly (readonly Cell[])[];
  readonly rowCount: number;
  /** Whole lengths of cut values, by `row:column`. */
  readonly cut: ReadonlyMap<string, number>;
  readonly notices: readonly Notice[];
  /** What LISTEN has brought. */
  readonly notifications: Heard;
  readonly end: RunEnd | undefined;
  /** `performance.now()` when it began. */
  readonly startedAt: number;
}

const idle: RunState = {
  phase: "idle",
  request: undefined,
  inTransaction: false,
  columns: undefined,
  rows: [],
  rowCount: 0,
  cut: new Map(),
  notices: [],
  notifications: { list: [], dropped: 0 },
  end: undefined,
  startedAt: 0,
};

export interface Heard {
  readonly list: readonly Notification[];
  readonly dropped: number;
}

export interface RunHandle {
  readonly state: RunState;
  readonly transaction: TransactionState;
  readonly run: (request: RunRequest) => void;
  readonly cancel: () => void;
  readonly tab: TabHandle;
}

/** After a cancel, the stream has so long to tell its end before the page stops listening, ms. */
const cancelPatienceMs = 8_000;

/**
 * Runs one statement at a time and gathers what comes, as it comes. Leaving the page ends it on the server.
 * @param rev      the connection's revision that the page shows: nothing is run with another
 * @param slot     which of the page's SQL tabs
 * @param name     what the page calls it
 * @param onOpened told when the run had to open a connection: what the page shows of the session is that one's
 */
export function useRun(
  connectionId: string,
  rev: number,
  { slot, name }: { readonly slot: string; readonly name: string },
  onOpened: (report: AttemptReport) => void,
): RunHandle {
  const [state, setState] = useState<RunState>(idle);
  const [transaction, setTransaction] = useState<TransactionState>("none");
  const tab = useTab(connectionId, slot, name);
  const { forRun, note, refused: noteRefused } = tab;
  const live = useRef<{ readonly runId: string; readonly request: AbortController }>(undefined);
  const address = `/api/connections/${encodeURIComponent(connectionId)}`;

  useEffect(() => () => live.current?.request.abort(), []);

  // What the page was told last, by a run or when it asked how the tab stands.
  const { session: found, lost } = tab.state;
  useEffect(() => {
    if (found !== undefined || lost !== undefined) setTransaction(found?.transaction ?? "none");
  }, [found, lost]);

  const run = useCallback(
    (asked: RunRequest) => {
      if (live.current !== undefined) return;
      const mine = { runId: randomId(), request: new AbortController() };
      live.current = mine;
      const inTransaction = !asked.readOnly && transaction !== "none";
      const gathered = new Gathered(asked, inTransaction);
      setState(gathered.state());
      let frame = 0;
      const show = () => {
        frame = 0;
        setState((before) => gathered.state(before.phase === "cancelling" ? "cancelling" : undefined));
      };
      const receive = (message: RunMessage) => {
        if (message.type === "started" && message.opened !== null) onOpened(message.opened);
        if (message.type === "session") note(message.session);
        gathered.take(message);
        // Many messages, one picture a frame.
        frame ||= requestAnimationFrame(show);
      };
      forRun()
        .then((ofTab) => {
          const body: RunBody = {
            ...asked,
            values: [...(asked.values ?? [])],
            runId: mine.runId,
            tab: ofTab,
            rev,
            inTransaction,
          };
          return read(`${address}/run`, body, mine.request.signal, receive);
        })
        .then((refused) => {
          gathered.close(refused);
          if (refused?.type === "refused" && refused.explained) noteRefused(refused.explained.problem);
        })
        .catch(() => gathered.close({ type: "lost" }))
        .finally(() => {
          cancelAnimationFrame(frame);
          live.current = undefined;
          const last = gathered.state();
          setState(last);
          const { end } = last;
          if (end !== undefined && "transaction" in end && !asked.readOnly) setTransaction(end.transaction);
        });
    },
    [address, forRun, note, noteRefused, onOpened, rev, transaction],
  );

  const cancel = useCallback(() => {
    const mine = live.current;
    if (mine === undefined) return;
    setState((before) => ({ ...before, phase: "cancelling" }));
    // Its own request: the run's stream goes on until the server has told its end.
    post(`${address}/cancel`, { runId: mine.runId }).catch(() => mine.request.abort());
    setTimeout(() => mine.request.abort(), cancelPatienceMs);
  }, [address]);

  return { state, transaction, run, cancel, tab };
}

/** What has come of one run. */
class Gathered {
  readonly #request: RunRequest;
  readonly #inTransaction: boolean;
  readonly #rows: (readonly Cell[])[] = [];
  readonly #cut = new Map<string, number>();
  #notices: readonly Notice[] = [];
  #heard: Heard = { list: [], dropped: 0 };
  #columns: readonly Column[] | undefined;
  #end: RunEnd | undefined;
  /** The stream has ended: before that the next run could not begin. */
  #isOver = false;
  readonly #startedAt = performance.now();

  constructor(request: RunRequest, inTransaction: boolean) {
    this.#request = request;
    this.#inTransaction = inTransaction;
  }

  take(message: RunMessage): void {
    switch (message.type) {
      case "columns":
      case "types":
        this.#columns = message.columns;
        break;
      case "rows":
        for (const { row, column, length } of message.cut) {
          this.#cut.set(`${this.#rows.length + row}:${column}`, length);
        }
        for (const row of message.rows) this.#rows.push(row);
        break;
      case "notice":
        this.#notices = [...this.#notices, message.notice];
        break;
      case "notifications": {
        const { list, dropped } = this.#heard;
        this.#heard = { list: [...list, ...message.notifications], dropped: dropped + message.dropped };
        break;
      }
      case "done":
      case "error":
        this.#end = message;
        break;
    }
  }

  /** A stream that ended without its last word was cut. */
  close(refused: RunEnd | undefined): void {
    this.#end ??= refused ?? { type: "lost" };
    this.#isOver = true;
  }

  state(phase: "running" | "cancelling" = "running"): RunState {
    return {
      phase: this.#isOver ? "ended" : phase,
      request: this.#request,
      inTransaction: this.#inTransaction,
      columns: this.#columns,
      rows: this.#rows,
      rowCount: this.#rows.length,
      cut: this.#cut,
      notices: this.#notices,
      notifications: this.#heard,
      end: this.#isOver ? this.#end : undefined,
      startedAt: this.#startedAt,
    };
  }
}

/** Posts and reads lines of JSON. @returns the refusal when the console did not begin */
async function read(
  address: string,
  body: object,
  signal: AbortSignal,
  onMessage: (message: RunMessage) => void,
): Promise<RunEnd | undefined> {
  const response = await post(address, body, signal);
  if (!response.ok || response.body === null) {
    const told: unknown = await response.json().catch(() => undefined);
    const explained = (told as { explained?: Explained } | undefined)?.explained;
    return { type: "refused", explained, status: response.status };
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return undefined;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onMessage(JSON.parse(line) as RunMessage);
  }
}

function post(address: string, body: object, signal?: AbortSignal): Promise<Response> {
  return fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    cache: "no-store",
    ...(signal === undefined ? {} : { signal }),
  });
}
