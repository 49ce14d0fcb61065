"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { keepTabs, keptTabs, type OpenPlace } from "./kept-tabs.ts";
import type { Place } from "./place.ts";
import { firstPlace } from "./place.ts";
import type { PlaceHandle } from "./use-place.ts";

export interface OpenTab extends OpenPlace {
  readonly id: string;
}

export interface OpenTabs {
  readonly list: readonly OpenTab[];
  readonly current: string;
  /** The last one looked at comes first. */
  readonly recent: readonly OpenTab[];
  /** Those that were in sight: they stay as they were. */
  readonly visited: ReadonlySet<string>;
  /** Opens SQL tabs that are not in sight. */
  readonly addSql: (slots: readonly string[]) => void;
  /** @returns the one that is shown instead */
  readonly close: (id: string) => OpenTab;
}

/**
 * What is open: a tab a table and a tab a SQL text. Where the address leads, a tab is opened for it. What this browser tab
 * had open before it was loaded anew is open again.
 */
export function useOpenTabs(
  connectionId: string,
  { place, fragment }: Pick<PlaceHandle, "place" | "fragment">,
): OpenTabs {
  const current = idOf(place);
  const [list, setList] = useState<readonly OpenTab[]>(() => [{ id: current, place, fragment }]);
  const [recent, setRecent] = useState<readonly string[]>([current]);
  const visited = useRef(new Set<string>());
  visited.current.add(current);

  const addSql = useCallback((slots: readonly string[]) => {
    const added = slots.map((tab): OpenTab => {
      const kept = { kind: "sql", tab } as const;
      return { id: idOf(kept), place: kept, fragment: "" };
    });
    setList((before) => [...added.filter(({ id }) => before.every((tab) => tab.id !== id)), ...before]);
  }, []);

  const [isRestored, setIsRestored] = useState(false);
  useEffect(() => {
    const kept = keptTabs(connectionId).map((tab) => ({ ...tab, id: idOf(tab.place) }));
    setList((open) => [
      ...kept.map((tab) => open.find(({ id }) => id === tab.id) ?? tab),
      ...open.filter(({ id }) => kept.every((tab) => tab.id !== id)),
    ]);
    setIsRestored(true);
  }, [connectionId]);
  useEffect(() => {
    if (isRestored) keepTabs(connectionId, list);
  }, [connectionId, isRestored, list]);

  // Told by the address, so it is put right while rendering: no picture shows a tab that is not there.
  const here = list.find(({ id }) => id === current);
  if (here === undefined) setList([...list, { id: current, place, fragment }]);
  else if (here.place !== place || here.fragment !== fragment)
    setList(list.map((tab) => (tab === here ? { id: current, place, fragment } : tab)));
  if (recent[0] !== current) setRecent([current, ...recent.filter((id) => id !== current)]);

  return {
    list,
    current,
    recent: recent.flatMap((id) => list.find((tab) => tab.id === id) ?? []),
    visited: visited.current,
    addSql,
    close(closed) {
      const at = list.findIndex(({ id }) => id === closed);
      const left = list.filter(({ id }) => id !== closed);
      visited.current.delete(closed);
      const before = recent.find((id) => id !== closed);
      const next = left.find(({ id }) => id === before) ?? left[Math.max(0, at - 1)] ?? emptyTab;
      setList(left.length === 0 ? [emptyTab] : left);
      setRecent(recent.filter((id) => id !== closed));
      return next;
    },
  };
}

const emptyTab: OpenTab = { id: "sql:1", place: firstPlace, fragment: "" };

function idOf(place: Place): string {
  if (place.kind === "table") return `table:${JSON.stringify([place.schema, place.table])}`;
  if (place.kind === "sql") return `sql:${place.tab}`;
  return place.kind === "query" ? `query:${place.id}` : place.kind;
}
