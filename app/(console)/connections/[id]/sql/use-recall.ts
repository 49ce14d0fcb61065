"use client";

import { useCallback, useEffect, useRef } from "react";

export interface Recall {
  /** Notes the text that is being run. */
  readonly note: (text: string) => void;
  /**
   * The text before the one that is shown; undefined when there is none.
   * @param later told of what was run before the page was opened, where that has to be asked for, if the text is shown still
   */
  readonly older: (shown: string, later?: (text: string) => void) => string | undefined;
  readonly newer: () => string | undefined;
}

const most = 200;

/**
 * The texts that were run in this tab, the whole of the box each, as Alt+Up and Alt+Down walk through them; before them
 * the statements of the person's history, as far as they are whole. What was typed and not run waits at their end, so
 * that nothing is lost by looking back.
 */
export function useRecall(connectionId: string): Recall {
  const texts = useRef<string[]>([]);
  /** Which of them is shown; their number for what was typed. */
  const at = useRef(0);
  const typed = useRef("");
  /** What is shown since it was last looked back. */
  const latest = useRef("");
  const asked = useRef(false);
  const gone = useRef<AbortController>(undefined);
  useEffect(() => {
    gone.current = new AbortController();
    return () => gone.current?.abort();
  }, []);

  const note = useCallback((text: string) => {
    if (texts.current.at(-1) !== text) texts.current = [...texts.current.slice(1 - most), text];
    at.current = texts.current.length;
  }, []);

  /** Once a tab: what comes after is here. */
  const ask = useCallback(async (): Promise<void> => {
    const { earlierStatements } = await import("./earlier-statements.ts");
    const added = await earlierStatements(connectionId, gone.current?.signal);
    texts.current = [...added, ...texts.current];
    at.current += added.length;
  }, [connectionId]);

  const older = useCallback(
    (shown: string, later?: (text: string) => void) => {
      latest.current = shown;
      const step = () => {
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
      };
      const text = step();
      if (text !== undefined || asked.current || later === undefined) return text;
      asked.current = true;
      ask().then(
        () => {
          const found = latest.current === shown ? step() : undefined;
          if (found !== undefined) later(found);
        },
        () => {
          asked.current = false;
        },
      );
      return undefined;
    },
    [ask],
  );

  const newer = useCallback(() => {
    const list = texts.current;
    if (at.current >= list.length) return undefined;
    at.current += 1;
    return list[at.current] ?? typed.current;
  }, []);

  return { note, older, newer };
}
