"use client";

import { type RefObject, useEffect, useRef, useState } from "react";
import type { Conflict } from "#lib/change/shapes.ts";
import type { TableName } from "../place.ts";
import { checkRows } from "./check-rows.ts";
import type { PendingChanges } from "./pending-changes.ts";

export interface ConflictsHandle {
  /** Those that were told, by the name of the row. */
  readonly conflicts: ReadonlyMap<string, Conflict>;
  /** Versions that a settled conflict has left behind: a page that was read before may still show them. */
  readonly outdated: RefObject<ReadonlyMap<string, ReadonlySet<string | null>>>;
  /** Those of a set that was asked, instead of all before. */
  readonly tell: (conflicts: readonly Conflict[], of: PendingChanges) => void;
  /** @param left versions of the row that do not count any more, but for the one that it has now */
  readonly settle: (name: string, left: readonly (string | null)[], now: string | null) => void;
  readonly clear: () => void;
}

/**
 * The conflicts of a table's pending changes, as far as the server has told them.
 * @param found changes that were kept from before: are their rows still what was seen?
 */
export function useConflicts(
  connectionId: string,
  table: TableName,
  found: PendingChanges | undefined,
): ConflictsHandle {
  const [conflicts, setConflicts] = useState(none);
  const outdated = useRef(new Map<string, ReadonlySet<string | null>>());
  useEffect(() => {
    if (found === undefined || found.asked) return;
    const request = new AbortController();
    checkRows(connectionId, table, found, request.signal)
      .then((now) => now.size > 0 && setConflicts((before) => new Map([...before, ...now])))
      .catch(() => undefined);
    return () => request.abort();
  }, [connectionId, found, table]);
  return {
    conflicts,
    outdated,
    tell(told, of) {
      setConflicts(
        new Map(told.map((conflict) => [of.rows[conflict.change]?.name ?? "", conflict] as const)),
      );
    },
    settle(name, left, now) {
      const versions = new Set([...(outdated.current.get(name) ?? []), ...left]);
      versions.delete(now);
      outdated.current.set(name, versions);
      setConflicts((all) => new Map([...all].filter(([other]) => other !== name)));
    },
    clear: () => setConflicts(none),
  };
}

const none: ReadonlyMap<string, Conflict> = new Map();
