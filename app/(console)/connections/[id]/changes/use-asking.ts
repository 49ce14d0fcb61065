"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { ChangeAnswer } from "#lib/change/shapes.ts";
import type { Refused } from "../ask-connection.ts";
import type { TableName } from "../place.ts";
import { askChanges } from "./ask-changes.ts";
import { changeSetOf, type PendingChanges } from "./pending-changes.ts";

export type Act = "try" | "apply";

/** How asking for a set of changes stands; `of` is the set. */
export type Asking =
  | { readonly phase: "idle" }
  | { readonly phase: "asking"; readonly act: Act; readonly of: PendingChanges }
  | {
      readonly phase: "answered";
      readonly act: Act;
      readonly of: PendingChanges;
      readonly answer: ChangeAnswer;
    }
  | { readonly phase: "refused"; readonly act: Act; readonly of: PendingChanges; readonly refused: Refused }
  /** No answer came: what became of it is asked again, by the same id. */
  | { readonly phase: "unheard"; readonly act: Act; readonly of: PendingChanges; readonly waits: boolean };

export interface AskingHandle {
  readonly asking: Asking;
  readonly ask: (act: Act, pending: PendingChanges) => void;
  readonly clear: () => void;
}

/** After an answer that did not come; then the person asks. */
const againMs = [1_000, 2_000, 4_000, 8_000, 16_000] as const;

/**
 * Tries and applies changes. Where the network goes while a set is applied, it is asked what became of it: the console
 * knows the set by its id, and does nothing twice.
 * @param onAnswer told once of each answer
 */
export function useAsking(
  connectionId: string,
  table: TableName,
  rev: number,
  onAnswer: (answer: ChangeAnswer, of: PendingChanges) => void,
): AskingHandle {
  const [asking, setAsking] = useState<Asking>({ phase: "idle" });
  const told = useRef(onAnswer);
  told.current = onAnswer;
  const isGone = useRef(false);
  const busy = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);

  const ask = useCallback(
    async (act: Act, of: PendingChanges) => {
      if (busy.current) return;
      busy.current = true;
      setAsking({ phase: "asking", act, of });
      const set = changeSetOf(of, table, rev);
      for (let round = 0; ; round += 1) {
        const heard = await askChanges(connectionId, act, set);
        if (isGone.current) return;
        if (heard.heard) {
          busy.current = false;
          if ("answer" in heard) {
            setAsking({ phase: "answered", act, of, answer: heard.answer });
            told.current(heard.answer, of);
          } else setAsking({ phase: "refused", act, of, refused: heard.refused });
          return;
        }
        const wait = act === "apply" ? againMs[round] : undefined;
        setAsking({ phase: "unheard", act, of, waits: wait !== undefined });
        if (wait === undefined) {
          busy.current = false;
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, wait));
        if (isGone.current) return;
      }
    },
    [connectionId, rev, table],
  );
  const clear = useCallback(() => {
    if (!busy.current) setAsking({ phase: "idle" });
  }, []);
  return { asking, ask, clear };
}
