"use client";

import { useCallback, useEffect, useState } from "react";
import type { TableDetail } from "#lib/browse/shapes.ts";
import { askConnection, type Refused } from "../ask-connection.ts";
import { onNamesMade } from "../names-made.ts";
import type { TableName } from "../place.ts";

export interface FactsHandle {
  readonly detail: TableDetail | undefined;
  /** ISO 8601, when it was read. */
  readonly readAt: string | undefined;
  readonly loading: boolean;
  readonly refused: Refused | undefined;
  readonly again: () => void;
}

/** What a table is, with its structure; not before it is `wanted`, and again after a statement that may have changed it. */
export function useFacts(connectionId: string, { schema, table }: TableName, wanted: boolean): FactsHandle {
  const [detail, setDetail] = useState<TableDetail>();
  const [readAt, setReadAt] = useState<string>();
  const [loading, setLoading] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round reads it again
  useEffect(() => {
    if (!wanted) return;
    const request = new AbortController();
    setRefused(undefined);
    setLoading(true);
    askConnection<TableDetail>(connectionId, "table", { schema, table, detail: true }, request.signal)
      .then((asked) => {
        setLoading(false);
        if (!asked.ok) {
          setRefused(asked.refused);
          return;
        }
        setDetail(asked.value);
        setReadAt(new Date().toISOString());
      })
      .catch(() => undefined);
    return () => request.abort();
  }, [connectionId, round, schema, table, wanted]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => onNamesMade(connectionId, again), [connectionId, again]);
  return { detail, readAt, loading, refused, again };
}
