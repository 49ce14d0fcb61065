"use client";

import { useTimeZone } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import type { HistoryAnswer, ShownRun } from "#app/api/connections/[id]/history/route.ts";
import { askConnection, type Refused } from "../ask-connection.ts";
import { dayBounds } from "./day-bounds.ts";

export interface HistoryFilter {
  readonly words: string;
  readonly everywhere: boolean;
  readonly failedOnly: boolean;
  /** `2026-11-26` where the person's times are shown; empty for every day. */
  readonly day: string;
}

export const noFilter: HistoryFilter = { words: "", everywhere: false, failedOnly: false, day: "" };

export interface HistoryList {
  readonly runs: readonly ShownRun[];
  readonly more: boolean;
  /** What was told last of all that is kept; undefined while nothing was. */
  readonly told: Pick<HistoryAnswer, "kept" | "days" | "on"> | undefined;
  readonly refused: Refused | undefined;
  readonly onMore: () => void;
  readonly reload: () => void;
}

const quietMs = 250;

/** The runs that fit a filter, a page at a time; read anew when the pane comes into sight. */
export function useHistory(connectionId: string, filter: HistoryFilter, shown: boolean): HistoryList {
  const [runs, setRuns] = useState<readonly ShownRun[]>([]);
  const [told, setTold] = useState<HistoryAnswer>();
  const [refused, setRefused] = useState<Refused>();
  const [round, setRound] = useState(0);
  const timeZone = useTimeZone() ?? "UTC";
  const under = useRef<AbortController>(undefined);
  const { words, everywhere, failedOnly, day } = filter;
  const hadWords = useRef(words);

  const ask = useCallback(
    async (after?: string) => {
      under.current?.abort();
      const mine = new AbortController();
      under.current = mine;
      const body = {
        words,
        everywhere,
        failedOnly,
        ...dayBounds(day, timeZone),
        ...(after !== undefined && { after }),
      };
      const answer = await askConnection<HistoryAnswer>(connectionId, "history", body, mine.signal);
      setRefused(answer.ok ? undefined : answer.refused);
      if (!answer.ok) return;
      setTold(answer.value);
      setRuns((before) => (after === undefined ? answer.value.runs : [...before, ...answer.value.runs]));
    },
    [connectionId, words, everywhere, failedOnly, day, timeZone],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks the same again
  useEffect(() => {
    if (!shown) return undefined;
    const isTyping = hadWords.current !== words;
    hadWords.current = words;
    // Given up when something else is asked.
    const timer = setTimeout(() => ask().catch(() => undefined), isTyping ? quietMs : 0);
    return () => {
      clearTimeout(timer);
      under.current?.abort();
    };
  }, [shown, ask, words, round]);

  return {
    runs,
    more: told?.more ?? false,
    told,
    refused,
    onMore: () => {
      ask(runs.at(-1)?.id).catch(() => undefined);
    },
    reload: () => setRound((before) => before + 1),
  };
}
