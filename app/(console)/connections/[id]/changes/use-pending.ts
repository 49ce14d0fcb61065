"use client";

import { useCallback, useState } from "react";
import type { TableName } from "../place.ts";
import { type DraftState, useDraft } from "../sql/use-draft.ts";
import { readChanges, writeChanges } from "./kept-changes.ts";
import { noChanges, type PendingChanges } from "./pending-changes.ts";

export interface PendingHandle {
  /** Undefined before anything was changed. */
  readonly pending: PendingChanges | undefined;
  readonly change: (how: (before: PendingChanges) => PendingChanges) => void;
  /** Whether what is pending is safe. */
  readonly draft: DraftState;
}

/**
 * The pending changes of a table: they last as long as its page, whatever rows are in sight, and are kept as a draft, so
 * that coming back finds them.
 * @param slot     of the draft
 * @param columns  of its pages, and `key`, what finds a row: of a set that begins now
 * @param onFound  told of those that were kept
 */
export function usePending(
  connectionId: string,
  table: TableName,
  slot: string,
  columns: readonly string[],
  key: readonly string[] | null,
  onFound: (found: PendingChanges) => void,
): PendingHandle {
  const [pending, setPending] = useState<PendingChanges>();
  const text = pending === undefined ? "" : writeChanges(table, pending);
  const { state } = useDraft(connectionId, slot, text, (found) => {
    const kept = readChanges(table, found);
    if (kept === undefined) return;
    setPending(kept);
    onFound(kept);
  });
  const change = useCallback(
    (how: (before: PendingChanges) => PendingChanges) =>
      setPending((before) =>
        how(before === undefined || before.rows.length === 0 ? noChanges(columns, key) : before),
      ),
    [columns, key],
  );
  return { pending, change, draft: state };
}
