"use client";

import { type RefObject, useEffect, useRef, useState } from "react";
import type { PlanAsk, PlanHow } from "./plan-ask.ts";

export interface PlanHandle {
  /** Undefined while no plan is shown. */
  readonly ask: PlanAsk | undefined;
  readonly busy: boolean;
  readonly set: (ask: PlanAsk | undefined) => void;
  readonly setBusy: (busy: boolean) => void;
  /** Ends what is under way. */
  readonly stop: RefObject<() => void>;
}

/** Which plan a SQL tab shows; the rest comes with the first one. Ctrl+E asks for a plan, with Alt for a measured one. */
export function usePlan(
  tab: RefObject<HTMLElement | null>,
  onKey: (how: Exclude<PlanHow, "measure-write">) => void,
): PlanHandle {
  const [ask, set] = useState<PlanAsk>();
  const [busy, setBusy] = useState(false);
  const stop = useRef<() => void>(() => undefined);
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const element = tab.current;
    const onKeyDown = (event: KeyboardEvent) => {
      const { ctrlKey, metaKey, altKey, shiftKey, code, defaultPrevented } = event;
      // By its place: with Alt, many keyboards write another sign.
      if (code !== "KeyE" || !(ctrlKey || metaKey) || shiftKey || defaultPrevented) return;
      event.preventDefault();
      latest.current(altKey ? "measure" : "plan");
    };
    element?.addEventListener("keydown", onKeyDown);
    return () => element?.removeEventListener("keydown", onKeyDown);
  }, [tab]);
  return { ask, busy, set, setBusy, stop };
}
