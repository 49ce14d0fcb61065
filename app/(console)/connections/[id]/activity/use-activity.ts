"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { EndBody } from "#app/api/connections/[id]/activity/end/route.ts";
import type { EndOutcome, ServerActivity } from "#lib/activity/shapes.ts";
import { postTo, type Refused, refusedOf } from "../ask-connection.ts";

export interface ActivityHandle {
  readonly activity: ServerActivity | undefined;
  /** Why the last asking came to nothing. */
  readonly refused: Refused | undefined;
  readonly busy: boolean;
  readonly refresh: () => void;
  readonly end: (ask: EndBody) => Promise<EndOutcome | Refused>;
}

/** How often it is read while somebody looks, ms. */
const everyMs = 5_000;

/**
 * Reads what goes on in the server, again and again while the pane is in sight and nothing is being decided.
 * @param watched in sight, as far as the page knows; a hidden page looks at nothing either
 */
export function useActivity(connectionId: string, watched: boolean): ActivityHandle {
  const [activity, setActivity] = useState<ServerActivity>();
  const [refused, setRefused] = useState<Refused>();
  const [busy, setBusy] = useState(false);
  const live = useRef<AbortController>(undefined);

  const refresh = useCallback(() => {
    if (live.current !== undefined) return;
    const request = new AbortController();
    live.current = request;
    setBusy(true);
    read(connectionId, request.signal)
      .then((found) => {
        if (request.signal.aborted) return;
        if ("why" in found) setRefused(found);
        else {
          setActivity(found);
          setRefused(undefined);
        }
      })
      .catch(() => undefined)
      .finally(() => {
        if (live.current === request) live.current = undefined;
        setBusy(false);
      });
  }, [connectionId]);

  useEffect(() => {
    if (!watched) return;
    const isSeen = () => document.visibilityState === "visible";
    const look = () => {
      if (isSeen()) refresh();
    };
    look();
    const timer = setInterval(look, everyMs);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [watched, refresh]);
  useEffect(() => () => live.current?.abort(), []);

  const end = useCallback(
    async (ask: EndBody): Promise<EndOutcome | Refused> => {
      const response = await postTo(connectionId, "activity/end", ask);
      const told: unknown = await response?.json().catch(() => undefined);
      if (response === undefined || told === undefined) return { why: "lost" };
      return response.ok ? (told as EndOutcome) : refusedOf(told, response.status);
    },
    [connectionId],
  );
  return { activity, refused, busy, refresh, end };
}

async function read(connectionId: string, signal: AbortSignal): Promise<ServerActivity | Refused> {
  const response = await postTo(connectionId, "activity", {}, signal);
  const told: unknown = await response?.json().catch(() => undefined);
  if (response === undefined || told === undefined) return { why: "lost" };
  return response.ok ? (told as ServerActivity) : refusedOf(told, response.status);
}
