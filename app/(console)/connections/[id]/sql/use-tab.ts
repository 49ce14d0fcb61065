"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { RunBody } from "#app/api/connections/[id]/run/run-door.ts";
import type { TabAnswer } from "#app/api/connections/[id]/tab/route.ts";
import type { Problem } from "#lib/problems/problem.ts";
import {
  holdsNothing,
  isHolding,
  type LossReason,
  type LostSession,
  type TabSession,
} from "#lib/session/held.ts";
import { heldTab, lookAtTab, openTab, takeTab } from "./hold-tab.ts";

/** How the tab stands, as far as its page knows. */
export interface TabState {
  readonly session: TabSession | undefined;
  /** When the page was told of it, on the clock of `performance.now()`. */
  readonly at: number;
  readonly lost: LostSession | undefined;
  /** Another page has the tab. */
  readonly elsewhere: boolean;
  /** This page is a copy of one that still lives, and has a session of its own. */
  readonly copied: boolean;
}

export interface TabHandle {
  readonly state: TabState;
  /** What a run says of the tab; waits until the page knows its tab. */
  readonly forRun: () => Promise<RunBody["tab"]>;
  /** The server has said how the session stands. */
  readonly note: (session: TabSession) => void;
  /** A run was refused. */
  readonly refused: (problem: Problem) => void;
  /** Asks how the tab stands. */
  readonly look: () => void;
  /** Uses the tab here, although another page has it. */
  readonly takeOver: () => void;
  /** The person knows what was lost: the next run begins a new session. */
  readonly acknowledge: () => void;
}

const unknown: TabState = { session: undefined, at: 0, lost: undefined, elsewhere: false, copied: false };

/** The SQL tab of this page and its session: found again after the page was loaded anew. */
export function useTab(connectionId: string, slot: string, name: string): TabHandle {
  const [state, setState] = useState(unknown);
  const latest = useRef(unknown);
  const knownLost = useRef<string>(undefined);
  const ready = useRef<Promise<void>>(undefined);

  const put = useCallback((change: Partial<TabState>) => {
    const at = "session" in change ? performance.now() : latest.current.at;
    latest.current = { ...latest.current, ...change, at };
    setState(latest.current);
  }, []);

  const hear = useCallback(
    (answer: TabAnswer | undefined) => {
      // Where the console does not answer, the next run says so.
      if (answer === undefined) return;
      if (!answer.here) {
        put({ elsewhere: true, session: undefined });
        return;
      }
      const { session, lost } = answer;
      const before = latest.current;
      const wasHolding = before.session !== undefined && holds(before.session);
      // A console that was started anew knows of nothing.
      const unseen = wasHolding ? lossOf(before.session, "unknown") : before.lost;
      const found = lost ?? (session === null ? unseen : undefined);
      const isKnown = found?.id === knownLost.current;
      put({ elsewhere: false, session: session ?? undefined, lost: isKnown ? undefined : found });
    },
    [put],
  );

  const look = useCallback(() => {
    lookAtTab(connectionId, slot).then(hear);
  }, [connectionId, hear, slot]);

  const takeOver = useCallback(() => {
    ready.current = takeTab(connectionId, slot, true).then(hear);
  }, [connectionId, hear, slot]);

  useEffect(() => {
    ready.current = openTab(connectionId, slot).then(({ copied, answer }) => {
      if (copied) put({ copied });
      hear(answer);
    });
    const onShown = () => {
      const { session } = latest.current;
      if (document.visibilityState === "visible" && session !== undefined && holds(session)) look();
    };
    // Back from the browser's own memory of pages, it had said that it goes away.
    const onBack = ({ persisted }: PageTransitionEvent) => {
      if (persisted) look();
    };
    document.addEventListener("visibilitychange", onShown);
    // Told by Activity on the same page.
    document.addEventListener("sessionended", onShown);
    window.addEventListener("pageshow", onBack);
    return () => {
      document.removeEventListener("visibilitychange", onShown);
      document.removeEventListener("sessionended", onShown);
      window.removeEventListener("pageshow", onBack);
    };
  }, [connectionId, hear, look, put, slot]);

  const forRun = useCallback(async () => {
    await ready.current;
    const { id, lease } = await heldTab(connectionId, slot);
    const { session } = latest.current;
    return {
      id,
      lease,
      name,
      ...(session !== undefined && holds(session) && { session: session.id }),
      ...(knownLost.current !== undefined && { knownLost: knownLost.current }),
    };
  }, [connectionId, name, slot]);

  const note = useCallback((session: TabSession) => put({ session, lost: undefined, copied: false }), [put]);

  const refused = useCallback(
    ({ code, facts }: Problem) => {
      if (code === "session-elsewhere") put({ elsewhere: true });
      if (code !== "session-gone") return;
      const before = latest.current.session;
      const id = String(facts.session);
      const known = before?.id === id ? before : undefined;
      const lost = { ...lossOf(known, facts.reason as LossReason), id };
      put({ session: undefined, lost });
      look();
    },
    [look, put],
  );

  const acknowledge = useCallback(() => {
    knownLost.current = latest.current.lost?.id;
    put({ session: undefined, lost: undefined });
  }, [put]);

  return { state, forRun, note, refused, look, takeOver, acknowledge };
}

function holds({ held, transaction }: TabSession): boolean {
  return transaction !== "none" || isHolding(held);
}

function lossOf(session: TabSession | undefined, why: LossReason): LostSession {
  const { id = "", held = holdsNothing, transaction = "none" } = session ?? {};
  return { id, held, transaction: transaction !== "none", why };
}
