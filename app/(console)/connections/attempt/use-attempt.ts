"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Explained } from "#app/_server/answer.ts";
import type { FieldProblems } from "#lib/problems/field-messages.ts";
import type { StepName } from "#lib/problems/step-names.ts";
import { randomId } from "#lib/random-id.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { StepReport } from "#lib/wire/report.ts";
import { type ActionFailure, actionFailure } from "./action-failure.ts";
import type { AttemptMessage, TestAnswer } from "./attempt-message.ts";

/** How a test ended. */
export type AttemptEnd =
  | Extract<AttemptMessage, { readonly type: "done" }>
  | { readonly type: "problem"; readonly explained: Explained }
  | { readonly type: "cancelled" }
  | { readonly type: "failed"; readonly failure: ActionFailure };

export interface AttemptState {
  readonly running: boolean;
  /** What runs, or ran last. */
  readonly by?: TestAction;
  readonly current: StepName | undefined;
  readonly steps: readonly StepReport[];
  readonly end: AttemptEnd | undefined;
}

const idle: AttemptState = { running: false, current: undefined, steps: [], end: undefined };

export type TestAction = (
  values: FormValues,
  attemptId: string,
  connectionId?: string,
) => Promise<TestAnswer>;

export interface AttemptHandle {
  readonly state: AttemptState;
  /**
   * @param by another action than the test, that answers as it does
   * @returns the fields' problems when the test did not even begin for them
   */
  readonly run: (
    values: FormValues,
    connectionId?: string,
    by?: TestAction,
  ) => Promise<FieldProblems | undefined>;
  readonly cancel: () => void;
  readonly forget: () => void;
  /** Goes on to a connection. */
  readonly open: (id: string) => void;
}

/** One test at a time, its steps as they happen, and a cancel that works at once. What it leaves open is gone on to. */
export function useAttempt(test: TestAction): AttemptHandle {
  const { push } = useRouter();
  const open = useCallback((id: string) => push(`/connections/${encodeURIComponent(id)}`), [push]);
  const [state, setState] = useState<AttemptState>(idle);
  /** The test whose messages count; what an older one still sends is not looked at. */
  const live = useRef<string>(undefined);

  const cancel = useCallback(() => {
    const id = live.current;
    if (id === undefined) return;
    live.current = undefined;
    setState((before) => ({ ...before, running: false, current: undefined, end: { type: "cancelled" } }));
    sendCancel(id);
  }, []);

  const run = useCallback(
    async (values: FormValues, connectionId?: string, by = test): Promise<FieldProblems | undefined> => {
      const id = randomId();
      live.current = id;
      const isLive = () => live.current === id;
      const finish = (end: AttemptEnd | undefined) => {
        if (!isLive()) return;
        live.current = undefined;
        setState((before) => ({ ...before, running: false, current: undefined, end }));
        if (end?.type === "done" && end.opened !== undefined) open(end.opened);
      };
      setState({ ...idle, running: true, by });
      try {
        const answer = await by(values, id, connectionId);
        if (!isLive()) return undefined;
        if (answer.type === "fields") {
          finish(undefined);
          return answer.problems;
        }
        if (answer.type === "problem") finish(answer);
        else await follow(answer.messages, isLive, setState, finish);
      } catch (error) {
        finish({ type: "failed", failure: actionFailure(error) });
      }
      return undefined;
    },
    [test, open],
  );

  const forget = useCallback(() => {
    if (live.current === undefined) setState(idle);
  }, []);

  // Leaving the page ends the test, too.
  useEffect(
    () => () => {
      if (live.current !== undefined) sendCancel(live.current);
      live.current = undefined;
    },
    [],
  );

  return { state, run, cancel, forget, open };
}

async function follow(
  messages: ReadableStream<AttemptMessage>,
  isLive: () => boolean,
  setState: (change: (before: AttemptState) => AttemptState) => void,
  finish: (end: AttemptEnd) => void,
): Promise<void> {
  const reader = messages.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (!isLive()) return;
    if (done) {
      finish({ type: "failed", failure: "lost" });
      return;
    }
    if (value.type === "step-started") setState((before) => ({ ...before, current: value.name }));
    else if (value.type === "step") {
      setState((before) => ({ ...before, current: undefined, steps: [...before.steps, value.step] }));
    } else if (value.type === "problem") {
      finish(value);
      return;
    } else {
      const { report } = value;
      setState((before) => ({ ...before, steps: report.steps }));
      finish(report.problem?.code === "cancelled" ? { type: "cancelled" } : value);
      return;
    }
  }
}

/** Ends a running attempt of one's own. */
export function sendCancel(id: string): void {
  // `keepalive` lets it leave although the page goes away.
  fetch(`/api/attempts/${id}/cancel`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
    keepalive: true,
  }).catch(() => {
    // The test ends by its own deadline.
  });
}
