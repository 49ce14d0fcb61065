"use client";

import { useEffect, useState } from "react";
import type { Explained } from "#app/_server/answer.ts";
import type { PlanAnswer, PlanBody, PlanRefusal } from "#app/api/connections/[id]/plan/route.ts";
import { planTarget } from "#lib/plan/explain.ts";
import { randomId } from "#lib/random-id.ts";
import { usualRules } from "#lib/sql/tokens.ts";
import { postTo } from "../ask-connection.ts";
import type { TabHandle } from "../sql/use-tab.ts";
import type { PlanAsk } from "./plan-ask.ts";
import type { PlanHandle } from "./use-plan.ts";

export type PlanState =
  | { readonly phase: "running" | "cancelling"; readonly startedAt: number }
  | {
      readonly phase: "shown";
      readonly answer: PlanAnswer;
      /** What it is the answer to: by the time it is drawn, something else may be asked. */
      readonly ask: PlanAsk;
      readonly values: PlanBody["values"];
    }
  | { readonly phase: "refused"; readonly refusal: PlanRefusal }
  | { readonly phase: "problem"; readonly explained: Explained }
  | { readonly phase: "lost" };

interface Given {
  readonly connectionId: string;
  readonly rev: number;
  readonly tab: TabHandle;
  readonly inTransaction: boolean;
}

/** After a cancel, the answer has so long to come before the page stops listening, ms. */
const cancelPatienceMs = 8_000;

/** Asks for a plan, once an asking; whatever form it is shown in, it is asked for no more. */
export function usePlanAnswer(
  ask: PlanAsk,
  { connectionId, rev, tab, inTransaction }: Given,
  { setBusy, stop }: Pick<PlanHandle, "setBusy" | "stop">,
): PlanState {
  const [state, setState] = useState<PlanState>({ phase: "running", startedAt: ask.at });

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked stands with the asking
  useEffect(() => {
    const body = bodyOf(ask, rev, inTransaction);
    if ("why" in body) {
      setState({ phase: "refused", refusal: body });
      return;
    }
    const request = new AbortController();
    let patience: ReturnType<typeof setTimeout> | undefined;
    setBusy(true);
    setState({ phase: "running", startedAt: ask.at });
    stop.current = () => {
      setState((before) => (before.phase === "running" ? { ...before, phase: "cancelling" } : before));
      postTo(connectionId, "cancel", { runId: body.runId });
      patience = setTimeout(() => request.abort(), cancelPatienceMs);
    };
    read(ask, connectionId, body, tab, request.signal)
      .catch((): PlanState => ({ phase: "lost" }))
      .then((next) => {
        clearTimeout(patience);
        setBusy(false);
        setState(next);
        if (next.phase === "shown" && next.answer.session !== null) tab.note(next.answer.session);
        if (next.phase === "problem") tab.refused(next.explained.problem);
      });
    return () => {
      clearTimeout(patience);
      setBusy(false);
      request.abort();
    };
  }, [ask]);

  return state;
}

function bodyOf(
  { pieces, values, how }: PlanAsk,
  rev: number,
  inTransaction: boolean,
): Omit<PlanBody, "tab"> | PlanRefusal {
  const [piece] = pieces;
  if (piece === undefined) return { why: "nothing" };
  if (pieces.length > 1) return { why: "several" };
  if (piece.does !== "run" || piece.offset < 0) return { why: "command" };
  // The server decides it anew, by its own reading of quotes.
  const target = planTarget(piece.sql, usualRules);
  if (!target.ok && target.why !== "several") return target;
  const isGiven = piece.asks.some((number) => values.has(number));
  const given = Array.from({ length: piece.asks.at(-1) ?? 0 }, (_, index) =>
    values.has(index + 1) ? (values.get(index + 1) ?? null) : "",
  );
  return {
    sql: piece.sql,
    values: how === "plan" && given.length > 0 && !isGiven ? null : given,
    how,
    runId: randomId(),
    rev,
    inTransaction,
  };
}

async function read(
  ask: PlanAsk,
  connectionId: string,
  body: Omit<PlanBody, "tab">,
  tab: TabHandle,
  signal: AbortSignal,
): Promise<PlanState> {
  const response = await postTo(connectionId, "plan", { ...body, tab: await tab.forRun() }, signal);
  const told: unknown = await response?.json().catch(() => undefined);
  if (response === undefined || told === undefined) return { phase: "lost" };
  if (response.ok) return { phase: "shown", answer: told as PlanAnswer, ask, values: body.values };
  if (response.status === 422) return { phase: "refused", refusal: told as PlanRefusal };
  const { explained } = told as { readonly explained?: Explained };
  return explained === undefined ? { phase: "lost" } : { phase: "problem", explained };
}
