"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { RelationSizes } from "#lib/browse/shapes.ts";
import { askConnection } from "../ask-connection.ts";
import { relationId, type TreeItem } from "./tree-items.ts";

/** Whoever scrolls past asks for nothing, ms. */
const restMs = 200;
/** At once; more than a screen shows. */
const most = 60;

/**
 * What the tables in sight take on the disk, bytes by the id of their item. Asked for once they have been in sight for a
 * moment, and once for each reading of the tree.
 * @param readAt another one begins anew
 */
export function useSizes(connectionId: string, readAt: string | undefined) {
  const [sizes, setSizes] = useState<ReadonlyMap<string, number>>(new Map());
  const [sight, setSight] = useState<readonly TreeItem[]>([]);
  const asked = useRef(new Set<string>());
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was read at another time
  useEffect(() => {
    asked.current = new Set();
    setSizes(new Map());
  }, [readAt]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: those in sight are asked for again then
  useEffect(() => {
    const timer = setTimeout(() => {
      const wanted = sight.flatMap((item) => {
        const isSized =
          item.is === "relation" && sized.has(item.relation.kind) && !asked.current.has(item.id);
        return isSized ? [[item.schema, item.name] as const] : [];
      });
      if (wanted.length === 0) return;
      const names = wanted.slice(0, most);
      for (const [schema, name] of names) asked.current.add(relationId(schema, name));
      askConnection<RelationSizes>(connectionId, "relations", { sizes: names })
        .then((told) => {
          if (!told.ok) return;
          const found = told.value.sizes.map(
            ({ schema, name, bytes }) => [relationId(schema, name), bytes] as const,
          );
          setSizes((before) => new Map([...before, ...found]));
        })
        .catch(() => undefined);
    }, restMs);
    return () => clearTimeout(timer);
  }, [connectionId, sight, readAt]);
  const onView = useCallback((items: readonly TreeItem[]) => setSight(items), []);
  return { sizes, onView };
}

const sized = new Set(["table", "partitioned", "materialized-view"]);
