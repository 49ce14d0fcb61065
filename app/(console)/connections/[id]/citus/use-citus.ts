"use client";

import { useEffect, useState } from "react";
import type { Explained } from "#app/_server/answer.ts";
import type { CitusAsk, CitusReport } from "#lib/citus/citus-report.ts";

export type CitusState =
  | { readonly phase: "loading"; readonly report: CitusReport | undefined }
  | { readonly phase: "shown"; readonly report: CitusReport }
  /** `explained` is missing where the console itself did not answer. */
  | { readonly phase: "refused"; readonly report: undefined; readonly explained: Explained | undefined };

/**
 * Reads the cluster, and again whenever something else is asked for; an older answer never replaces a newer one.
 * @param round counts the times that the person asked to have it read anew
 */
export function useCitus(connectionId: string, ask: CitusAsk, round: number): CitusState {
  const [state, setState] = useState<CitusState>({ phase: "loading", report: undefined });
  const { search, kind, sort, page } = ask;

  useEffect(() => {
    const request = new AbortController();
    setState((before) => ({ phase: "loading", report: before.report }));
    const query = new URLSearchParams({ search, kind, sort, page: String(page) });
    if (round > 0) query.set("fresh", "1");
    read(`/api/connections/${encodeURIComponent(connectionId)}/citus?${query}`, request.signal)
      .catch((): CitusState => ({ phase: "refused", report: undefined, explained: undefined }))
      .then((next) => {
        if (!request.signal.aborted) setState(next);
      });
    return () => request.abort();
  }, [connectionId, search, kind, sort, page, round]);

  return state;
}

async function read(address: string, signal: AbortSignal): Promise<CitusState> {
  const response = await fetch(address, { signal, cache: "no-store" });
  const told: unknown = await response.json();
  if (response.ok) return { phase: "shown", report: told as CitusReport };
  const { explained } = told as { readonly explained?: Explained };
  return { phase: "refused", report: undefined, explained };
}
