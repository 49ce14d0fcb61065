"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { Explained } from "#app/_server/answer.ts";
import type { RunBody } from "#app/api/connections/[id]/run/run-door.ts";
import { randomId } from "#lib/random-id.ts";
import type { TransactionState } from "#lib/session/held.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { ArrivedRows } from "./arrived-rows.ts";
import { GatheredRun, type RunEnd, type RunRequest, type RunState } from "./gathered-run.ts";
import { readLines } from "./read-lines.ts";
import { type TabHandle, useTab } from "./use-tab.ts";

export interface RunHandle {
  readonly state: RunState;
  readonly transaction: TransactionState;
  readonly run: (request: RunRequest) => void;
  readonly cancel: () => void;
  /** Asks for more rows of a result that waits at its limit. */
  readonly more: () => void;
  readonly tab: TabHandle;
}

const idle: RunState = {
  phase: "idle",
  request: undefined,
  inTransaction: false,
  columns: undefined,
  rows: new ArrivedRows(),
  rowCount: 0,
  cut: new Map(),
  notices: [],
  notifications: { list: [], dropped: 0 },
  end: undefined,
  waitsMs: undefined,
  startedAt: 0,
  wentOnAt: 0,
};

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
  const live = useRef<Live>(undefined);
  const address = `/api/connections/${encodeURIComponent(connectionId)}`;

  useEffect(() => () => live.current?.request.abort(), []);

  // What the page was told last, by a run or when it asked how the tab stands.
  const { session: found, lost } = tab.state;
  useEffect(() => {
    if (found !== undefined || lost !== undefined) setTransaction(found?.transaction ?? "none");
  }, [found, lost]);

  const run = useCallback(
    (asked: RunRequest) => {
      // A result that waits at its limit is ended by the server as soon as its session is asked for.
      if (live.current !== undefined && live.current.gathered.state().phase !== "ended") return;
      const inTransaction = !asked.readOnly && transaction !== "none";
      const gathered = new GatheredRun(asked, inTransaction);
      const mine = { runId: randomId(), request: new AbortController(), gathered };
      live.current = mine;
      setState(gathered.state());
      let frame = 0;
      const show = () => {
        frame = 0;
        if (live.current !== mine) return;
        setState((before) => gathered.state(before.phase === "cancelling" ? "cancelling" : undefined));
      };
      const receive = (line: string) => {
        const message = gathered.take(line);
        if (message?.type === "started" && message.opened !== null) onOpened(message.opened);
        if (message?.type === "session") note(message.session);
        // Many lines, one picture a frame.
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
          if (live.current !== mine) return;
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

  const more = useCallback(() => {
    const mine = live.current;
    const { waitsMs, request } = mine?.gathered.state() ?? {};
    if (mine === undefined || waitsMs === undefined || request === undefined) return;
    mine.gathered.goOn();
    setState(mine.gathered.state());
    // Where it has ended meanwhile, its stream says so.
    post(`${address}/more`, { runId: mine.runId, rows: request.rowCap }).catch(() => mine.request.abort());
  }, [address]);

  return { state, transaction, run, cancel, more, tab };
}

/** A run whose stream has not ended. */
interface Live {
  readonly runId: string;
  readonly request: AbortController;
  readonly gathered: GatheredRun;
}

/** Posts and reads lines of JSON. @returns the refusal when the console did not begin */
async function read(
  address: string,
  body: object,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<RunEnd | undefined> {
  const response = await post(address, body, signal);
  if (!response.ok || response.body === null) {
    const told: unknown = await response.json().catch(() => undefined);
    const explained = (told as { explained?: Explained } | undefined)?.explained;
    return { type: "refused", explained, status: response.status };
  }
  await readLines(response.body, onLine);
  return undefined;
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
