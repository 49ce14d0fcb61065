"use client";

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Piece } from "#lib/sql/run-target.ts";
import type { RunRequest, RunState } from "./gathered-run.ts";
import type { RunHandle } from "./use-run.ts";

/** One statement of a script, or a command that the console answers by itself. */
export interface ScriptItem {
  readonly piece: Piece;
  /** Undefined while it has not run. */
  readonly state: RunState | undefined;
}

export interface Script {
  /** Of this run of it. */
  readonly startedAt: number;
  readonly items: readonly ScriptItem[];
  /** The text that they stand in, as it was when they were run. */
  readonly text: string;
  /** All of it is one transaction. */
  readonly whole: boolean;
  readonly phase: "running" | "ended";
  /** The item that runs now, or that ran last. */
  readonly at: number;
  /** It did not come to its end. */
  readonly stopped: boolean;
  /** What the transaction came to, where all of it is one. */
  readonly outcome: "committed" | "undone" | "commit-failed" | "ended-itself" | undefined;
  /** What BEGIN, COMMIT or ROLLBACK of the console's own said, where it failed. */
  readonly control: RunState | undefined;
}

export interface ScriptAsk {
  readonly pieces: readonly Piece[];
  readonly text: string;
  readonly whole: boolean;
  readonly readOnly: boolean;
  readonly rowCap: number;
  /** Of a parameter, by its number. */
  readonly given: (parameter: number) => string | null;
}

export interface ScriptHandle {
  readonly script: Script | undefined;
  readonly start: (ask: ScriptAsk) => void;
  /** Runs one item once more, alone. */
  readonly again: (index: number) => void;
  readonly cancel: () => void;
}

interface ItemStep {
  readonly does: "item";
  readonly index: number;
}

type Step = { readonly does: "begin" | "commit" | "rollback" } | ItemStep;

/**
 * Runs statements one after another, each by a run of its own, and stops at the first that does not come to its end.
 * @param handle runs one statement at a time
 */
export function useScript({ state, run, cancel }: RunHandle): ScriptHandle {
  const [script, setScript] = useState<Script>();
  const asked = useRef<ScriptAsk>(undefined);
  /** What runs now, and the request that it was sent as. */
  const step = useRef<{ readonly now: Step; readonly request: RunRequest }>(undefined);
  const [pending, setPending] = useState<Step>();

  const begin = useCallback((ask: ScriptAsk) => {
    if (step.current !== undefined || ask.pieces.length === 0) return;
    asked.current = ask;
    setScript({
      startedAt: performance.now(),
      items: ask.pieces.map((piece) => ({ piece, state: undefined })),
      text: ask.text,
      whole: ask.whole,
      phase: "running",
      at: 0,
      stopped: false,
      outcome: undefined,
      control: undefined,
    });
    setPending(ask.whole ? { does: "begin" } : { does: "item", index: 0 });
  }, []);

  // In an effect: each run begins with what the one before it has left, the state of its transaction above all.
  useEffect(() => {
    const ask = asked.current;
    if (pending === undefined || ask === undefined || step.current !== undefined) return;
    setPending(undefined);
    const request = requestOf(ask, pending);
    if (request !== undefined) {
      step.current = { now: pending, request };
      if (pending.does === "item") setScript((before) => before && { ...before, at: pending.index });
      run(request);
      return;
    }
    // A command that the console answers.
    const { index } = pending as ItemStep;
    const piece = ask.pieces[index];
    const stops = piece?.does === "say" && piece.stops;
    const next = stops ? undefined : nextStep(ask, { index });
    setScript(
      (before) => before && { ...before, at: index, stopped: stops && index < ask.pieces.length - 1 },
    );
    if (next === undefined && !(stops && ask.whole)) {
      setScript((before) => before && { ...before, phase: "ended" });
    } else {
      setPending(next ?? { does: "rollback" });
    }
  }, [pending, run]);

  // Before anything is painted: a run that has ended and a script that has not are never seen together.
  useLayoutEffect(() => {
    const [ask, done] = [asked.current, step.current];
    if (ask === undefined || done === undefined) return;
    if (state.phase !== "ended" || state.request !== done.request) return;
    step.current = undefined;
    const { now } = done;
    const { next, change } = after(ask, now, state);
    setScript((before) => {
      if (before === undefined) return before;
      const items = before.items.map((item, index) =>
        now.does === "item" && now.index === index ? { ...item, state } : item,
      );
      return { ...before, items, ...change, phase: next === undefined ? "ended" : "running" };
    });
    if (next !== undefined) setPending(next);
  }, [state]);

  const again = useCallback(
    (index: number) => {
      const ask = asked.current;
      const piece = ask?.pieces[index];
      if (ask !== undefined && piece !== undefined) begin({ ...ask, pieces: [piece], whole: false });
    },
    [begin],
  );

  // While an item runs, it shows what has come of it so far.
  const live = step.current?.now;
  const isOfItem = live?.does === "item" && state.request === step.current?.request;
  // What waited at its limit goes on, or ends, after its step is done.
  const follows = ({ state: known }: ScriptItem, index: number) =>
    isOfItem ? index === live.index : known !== undefined && known.request === state.request;
  const shown = script && {
    ...script,
    items: script.items.map((item, index) => (follows(item, index) ? { ...item, state } : item)),
  };
  return { script: shown, start: begin, again, cancel };
}

/** Undefined for what is not sent. */
function requestOf(ask: ScriptAsk, step: Step): RunRequest | undefined {
  const { readOnly, rowCap } = ask;
  // Another statement would end it at once.
  const waits = ask.pieces.length === 1;
  if (step.does !== "item") return { sql: step.does, readOnly: false, rowCap };
  const piece = ask.pieces[step.index];
  if (piece?.does !== "run") return undefined;
  const most = piece.asks.at(-1) ?? 0;
  const values = most === 0 ? piece.values : Array.from({ length: most }, (_, index) => ask.given(index + 1));
  return { sql: piece.sql, values, readOnly, rowCap, waits };
}

function nextStep(ask: ScriptAsk, { index }: { readonly index: number }): Step | undefined {
  if (index + 1 < ask.pieces.length) return { does: "item", index: index + 1 };
  return ask.whole ? { does: "commit" } : undefined;
}

/** What follows a step, and what it changes of the script. */
function after(
  ask: ScriptAsk,
  step: Step,
  state: RunState,
): { readonly next: Step | undefined; readonly change: Partial<Script> } {
  const { end } = state;
  const succeeded = end?.type === "done";
  const transaction = end !== undefined && "transaction" in end ? end.transaction : "none";
  switch (step.does) {
    case "begin":
      return succeeded
        ? { next: { does: "item", index: 0 }, change: {} }
        : { next: undefined, change: { stopped: true, control: state } };
    case "commit":
      // COMMIT of a transaction that has failed succeeds, and says ROLLBACK.
      return succeeded && end.tag === "COMMIT"
        ? { next: undefined, change: { outcome: "committed" } }
        : { next: undefined, change: { outcome: "commit-failed", ...(!succeeded && { control: state }) } };
    case "rollback":
      return succeeded
        ? { next: undefined, change: { outcome: "undone" } }
        : { next: undefined, change: { control: state } };
    case "item": {
      const isLast = step.index === ask.pieces.length - 1;
      const endedItself = ask.whole && transaction === "none";
      if (succeeded && endedItself) {
        return { next: undefined, change: { outcome: "ended-itself", stopped: !isLast } };
      }
      if (succeeded) return { next: nextStep(ask, step), change: {} };
      if (!ask.whole) return { next: undefined, change: { stopped: true } };
      // A session that is gone took its transaction with it.
      return transaction === "none"
        ? { next: undefined, change: { stopped: true, outcome: "undone" } }
        : { next: { does: "rollback" }, change: { stopped: true } };
    }
  }
}
