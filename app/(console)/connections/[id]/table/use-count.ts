"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { RowCount } from "#lib/browse/shapes.ts";
import { askConnection, type Refused } from "../ask-connection.ts";
import type { TableName, TableView } from "../place.ts";

export type CountState =
  | { readonly phase: "none" | "counting" | "slow" }
  | { readonly phase: "counted"; readonly rows: number }
  | { readonly phase: "refused"; readonly refused: Refused };

export interface CountHandle {
  readonly state: CountState;
  /** `patiently`: as long as it takes, up to ten minutes. */
  readonly count: (patiently: boolean) => void;
  readonly stop: () => void;
}

const patienceMs = 600_000;

/** How many rows there are, counted when it is asked for: first for 2 s, then only if the person wants to wait. */
export function useCount(connectionId: string, { schema, table }: TableName, view: TableView): CountHandle {
  const [state, setState] = useState<CountState>({ phase: "none" });
  const request = useRef<AbortController>(undefined);
  const narrowed = JSON.stringify([view.filters, view.where]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows are another number
  useEffect(() => {
    setState({ phase: "none" });
    return () => request.current?.abort();
  }, [narrowed, schema, table]);

  const count = useCallback(
    (patiently: boolean) => {
      request.current?.abort();
      const mine = new AbortController();
      request.current = mine;
      const { signal } = mine;
      setState({ phase: "counting" });
      const [filters, where] = JSON.parse(narrowed) as readonly unknown[];
      const ask = { schema, table, filters, where, ...(patiently && { timeoutMs: patienceMs }) };
      askConnection<RowCount>(connectionId, "count", ask, signal)
        .then((asked) => {
          if (!asked.ok) setState({ phase: "refused", refused: asked.refused });
          else if (asked.value.rows === null) setState({ phase: "slow" });
          else setState({ phase: "counted", rows: asked.value.rows });
        })
        .catch(() => undefined);
    },
    [connectionId, narrowed, schema, table],
  );
  const stop = useCallback(() => {
    request.current?.abort();
    setState({ phase: "none" });
  }, []);
  return { state, count, stop };
}
