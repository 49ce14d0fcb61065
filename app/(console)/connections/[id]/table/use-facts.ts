"use client";

import { useCallback, useEffect, useState } from "react";
import type { TableDetail } from "#lib/browse/shapes.ts";
import { askConnection, type Refused } from "../ask-connection.ts";
import type { TableName } from "../place.ts";

export interface FactsHandle {
  readonly detail: TableDetail | undefined;
  readonly refused: Refused | undefined;
  readonly again: () => void;
}

/** What a table is, with its structure; not before it is `wanted`. */
export function useFacts(connectionId: string, { schema, table }: TableName, wanted: boolean): FactsHandle {
  const [detail, setDetail] = useState<TableDetail>();
  const [refused, setRefused] = useState<Refused>();
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round reads it again
  useEffect(() => {
    if (!wanted) return;
    const request = new AbortController();
    setRefused(undefined);
    askConnection<TableDetail>(connectionId, "table", { schema, table, detail: true }, request.signal)
      .then((asked) => {
        if (asked.ok) setDetail(asked.value);
        else setRefused(asked.refused);
      })
      .catch(() => undefined);
    return () => request.abort();
  }, [connectionId, round, schema, table, wanted]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return { detail, refused, again };
}
