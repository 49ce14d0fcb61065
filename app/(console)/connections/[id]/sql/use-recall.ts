"use client";

import { useCallback, useRef } from "react";

export interface Recall {
  /** Notes the text that is being run. */
  readonly note: (text: string) => void;
  /** The text before the one that is shown; undefined when there is none. */
  readonly older: (shown: string) => string | undefined;
  readonly newer: () => string | undefined;
}

const most = 200;

/**
 * The texts that were run in this tab, the whole of the box each, as Alt+Up and Alt+Down walk through them. What was
 * typed and not run waits at their end, so that nothing is lost by looking back.
 */
export function useRecall(): Recall {
  const texts = useRef<string[]>([]);
  /** Which of them is shown; their number for what was typed. */
  const at = useRef(0);
  const typed = useRef("");

  const note = useCallback((text: string) => {
    if (texts.current.at(-1) !== text) texts.current = [...texts.current.slice(1 - most), text];
    at.current = texts.current.length;
  }, []);

  const older = useCallback((shown: string) => {
    const list = texts.current;
    // Edited since it was brought back: it is what is typed now.
    if (list[at.current] !== shown) {
      typed.current = shown;
      at.current = list.length;
    }
    // What was just run is what is shown: the one before it is meant.
    const next = list[at.current - 1] === shown ? at.current - 2 : at.current - 1;
    const text = list[next];
    if (text === undefined) return undefined;
    at.current = next;
    return text;
  }, []);

  const newer = useCallback(() => {
    const list = texts.current;
    if (at.current >= list.length) return undefined;
    at.current += 1;
    return list[at.current] ?? typed.current;
  }, []);

  return { note, older, newer };
}
