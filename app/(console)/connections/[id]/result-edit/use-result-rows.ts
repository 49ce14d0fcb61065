"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { TablePage } from "#lib/browse/shapes.ts";
import type { Cell } from "#lib/session/run-events.ts";
import { askConnection, type Refused } from "../ask-connection.ts";
import { type AlignedRows, alignedRows, columnsInGrid, whereOfKeys } from "./aligned-rows.ts";
import type { ResultTarget } from "./result-target.ts";

export interface ResultRows {
  /** Undefined while they are read. */
  readonly rows: AlignedRows | undefined;
  /** Which column of the table each of the result's is, as it was when they were first read. */
  readonly inGrid: readonly (number | undefined)[];
  /** Columns of the table whose values were not what the result shows. */
  readonly differing: readonly string[];
  readonly refused: Refused | undefined;
  readonly again: () => void;
}

/** Reads the rows of a result again, by their key: what they are now, and in which version. */
export function useResultRows(
  connectionId: string,
  target: ResultTarget,
  given: readonly (readonly Cell[])[],
): ResultRows {
  const [rows, setRows] = useState<AlignedRows>();
  const [refused, setRefused] = useState<Refused>();
  const [round, setRound] = useState(0);
  const first = useRef<ReturnType<typeof columnsInGrid>>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each round asks anew
  useEffect(() => {
    const request = new AbortController();
    const where = whereOfKeys(target, given);
    const empty = { columns: [], rows: [], identities: [], cut: [] };
    const ask = { ...target.table, where: where ?? "", size: Math.max(1, given.length), evenIfLong: true };
    const asked =
      where === undefined
        ? Promise.resolve({ ok: true, value: empty } as const)
        : askConnection<TablePage>(connectionId, "rows", ask, request.signal);
    asked
      .then((answer) => {
        setRefused(answer.ok ? undefined : answer.refused);
        if (!answer.ok) return;
        const aligned = alignedRows(target, given, answer.value);
        first.current ??= columnsInGrid(target, given, aligned);
        setRows(aligned);
      })
      .catch(() => undefined);
    return () => request.abort();
  }, [connectionId, given, round, target]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  const { inGrid = [], differing = [] } = first.current ?? {};
  return { rows, inGrid, differing, refused, again };
}
