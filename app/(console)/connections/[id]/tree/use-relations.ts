"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { FoundRelations, OpenedSchema, RelationTree } from "#lib/browse/shapes.ts";
import { askConnection, type Refused } from "../ask-connection.ts";
import { onNamesMade } from "../names-made.ts";

/** A schema that was opened: what is in it, or why that is not known. */
export type SchemaContent = OpenedSchema | "loading" | Refused;

export interface Relations {
  readonly tree: RelationTree | undefined;
  readonly refused: Refused | undefined;
  readonly loading: boolean;
  readonly content: ReadonlyMap<string, SchemaContent>;
  readonly open: (schema: string) => void;
  readonly refresh: () => void;
}

/** Whoever comes back to the page after so long finds what has been made meanwhile, ms. */
const staleMs = 60_000;

/**
 * What is in the database, as far as it was opened. Read once the session stands, and again when it is asked for
 * or a statement of this page may have changed it.
 */
export function useRelations(connectionId: string): Relations {
  const [tree, setTree] = useState<RelationTree>();
  const [refused, setRefused] = useState<Refused>();
  const [loading, setLoading] = useState(true);
  const [content, setContent] = useState<ReadonlyMap<string, SchemaContent>>(new Map());
  const request = useRef<AbortController>(undefined);

  const put = useCallback((schema: string, given: SchemaContent) => {
    setContent((before) => new Map(before).set(schema, given));
  }, []);

  const open = useCallback(
    (schema: string, signal?: AbortSignal) => {
      put(schema, "loading");
      askConnection<OpenedSchema>(connectionId, "relations", { schema }, signal)
        .then((asked) => put(schema, asked.ok ? asked.value : asked.refused))
        .catch(() => undefined);
    },
    [connectionId, put],
  );

  const opened = useRef(content);
  opened.current = content;
  const refresh = useCallback(() => {
    request.current?.abort();
    const mine = new AbortController();
    request.current = mine;
    const { signal } = mine;
    setLoading(true);
    askConnection<RelationTree>(connectionId, "relations", {}, signal)
      .then((asked) => {
        setLoading(false);
        setRefused(asked.ok ? undefined : asked.refused);
        if (!asked.ok) return;
        setTree(asked.value);
        const first = asked.value.opened;
        if (first !== null) put(first.schema, first);
        for (const schema of opened.current.keys()) if (schema !== first?.schema) open(schema, signal);
      })
      .catch(() => undefined);
  }, [connectionId, open, put]);

  useEffect(() => {
    refresh();
    return () => request.current?.abort();
  }, [refresh]);

  useEffect(() => onNamesMade(connectionId, refresh), [connectionId, refresh]);

  const readAt = tree?.readAt;
  useEffect(() => {
    const onFocus = () => {
      if (readAt !== undefined && Date.now() - Date.parse(readAt) > staleMs) refresh();
    };
    window.addEventListener("focus", onFocus);
    return () => window.removeEventListener("focus", onFocus);
  }, [readAt, refresh]);

  return { tree, refused, loading, content, open, refresh };
}

/** A search waits for so long after the last key, ms. */
const restMs = 120;

/** The best matches for what is typed; the last ones stay while the next are on their way. */
export function useSearch(connectionId: string, text: string): FoundRelations | Refused | undefined {
  const [found, setFound] = useState<FoundRelations | Refused>();
  const search = text.trim();
  useEffect(() => {
    if (search === "") {
      setFound(undefined);
      return;
    }
    const request = new AbortController();
    const timer = setTimeout(() => {
      askConnection<FoundRelations>(connectionId, "relations", { search }, request.signal)
        .then((asked) => setFound(asked.ok ? asked.value : asked.refused))
        .catch(() => undefined);
    }, restMs);
    return () => {
      clearTimeout(timer);
      request.abort();
    };
  }, [connectionId, search]);
  return found;
}
