"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import type { FieldProblems } from "#lib/problems/field-messages.ts";
import { randomId } from "#lib/random-id.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { actionFailure } from "./action-failure.ts";
import type { AttemptEnd, AttemptState, TestAction } from "./attempt-state.ts";

const idle: AttemptState = { running: false, current: undefined, steps: [], end: undefined };

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
        if (answer.type === "problem" || answer.type === "failed") finish(answer);
        else {
          const { followAttempt } = await import("./follow-attempt.ts");
          await followAttempt(answer.messages, isLive, setState, finish);
        }
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
