"use client";

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { GridGoal, RowMark } from "#components/data-grid-column.ts";
import type { PageMark, RowIdentity, TablePage, Value } from "#lib/browse/shapes.ts";
import { askConnection, type Refused } from "../ask-connection.ts";
import type { TableName, TableView } from "../place.ts";
import { markedRows } from "./marked-rows.ts";

/** One page, as the grid shows it. */
export interface PageWindow {
  readonly page: TablePage;
  readonly rows: readonly (readonly Value[])[];
  readonly identities: readonly (RowIdentity | undefined)[];
  readonly marks: readonly (RowMark | undefined)[];
  /** The whole length of cut values, by column, a row each. */
  readonly cut: readonly (ReadonlyMap<number, number> | undefined)[];
}

type At =
  | { readonly to: "first" | "last" }
  | { readonly to: "after" | "before" | "from"; readonly mark: PageMark }
  | { readonly to: "key"; readonly values: readonly string[] };
type Phase = "first" | "after" | "before" | "refresh";

interface State {
  readonly windows: readonly PageWindow[];
  /** The lasting number of the first row that is kept. */
  readonly base: number;
  /** Another one for other rows: what is shown begins anew. */
  readonly round: number;
  readonly phase: Phase | undefined;
  readonly refused: Refused | undefined;
  readonly goTo: GridGoal | undefined;
}

export interface Pages extends State {
  readonly load: (at: At, evenIfLong?: boolean) => void;
  /** One more page at an end; `andGo`: it is shown from its first row on. */
  readonly more: (end: "after" | "before", andGo?: boolean) => void;
  /** The same rows again: what changed, came and went is marked. */
  readonly refresh: () => void;
  readonly show: (row: number) => void;
  readonly cancel: () => void;
}

/** Pages that are kept: as one comes at an end, one goes at the other. */
const kept = 3;
/** Far from nought: rows may come before it. */
const firstBase = 1_000_000;

const nothing: State = {
  windows: [],
  base: firstBase,
  round: 0,
  phase: undefined,
  refused: undefined,
  goTo: undefined,
};

/** The pages of a table that are held, and the ways to others. One is asked for at a time; another ask ends it. */
export function usePages(connectionId: string, table: TableName, view: TableView): Pages {
  const [state, setState] = useState<State>(nothing);
  const request = useRef<AbortController>(undefined);
  const long = useRef("");
  const { schema, table: name } = table;
  const { filters, where, sort } = view;
  const narrowed = JSON.stringify([filters, where, sort]);
  const now = useRef(state);
  now.current = state;

  const read = useCallback(
    (phase: Phase, at: At, take: (page: TablePage) => (before: State) => Partial<State>, size?: number) => {
      request.current?.abort();
      const mine = new AbortController();
      request.current = mine;
      const { signal } = mine;
      setState((before) => ({ ...before, phase, refused: undefined }));
      const [askedFilters, askedWhere, askedSort] = JSON.parse(narrowed) as readonly [
        unknown,
        string,
        unknown,
      ];
      const ask = {
        schema,
        table: name,
        filters: askedFilters,
        where: askedWhere,
        sort: askedSort,
        at,
        evenIfLong: long.current === narrowed,
        ...(size === undefined ? {} : { size }),
      };
      askConnection<TablePage>(connectionId, "rows", ask, signal)
        .then((asked) => {
          // Made once: React does over what it was given before something that was more urgent.
          const taken = asked.ok ? take(asked.value) : () => ({ refused: asked.refused });
          setState((before) => ({ ...before, phase: undefined, ...taken(before) }));
        })
        .catch(() => undefined);
    },
    [connectionId, narrowed, name, schema],
  );

  const load = useCallback(
    (at: At, evenIfLong = false) => {
      if (evenIfLong) long.current = narrowed;
      read("first", at, (page) => {
        const windows = [windowOf(page)];
        const goTo = { row: at.to === "last" ? Math.max(0, page.rows.length - 1) : 0, turn: {} };
        return ({ round }) => ({ windows, base: firstBase, round: round + 1, goTo });
      });
    },
    [narrowed, read],
  );

  const more = useCallback(
    (end: "after" | "before", andGo = false) => {
      const { windows } = now.current;
      const mark = end === "after" ? windows.at(-1)?.page.after : windows[0]?.page.before;
      if (mark === null || mark === undefined) return;
      read(end, { to: end, mark }, (page) => {
        const [found, turn] = [windowOf(page), {}];
        return (before) => {
          const all = end === "after" ? [...before.windows, found] : [found, ...before.windows];
          const dropped = all.length > kept;
          const left = dropped ? (end === "after" ? all.slice(1) : all.slice(0, -1)) : all;
          const gone = dropped && end === "after" ? (before.windows[0]?.rows.length ?? 0) : 0;
          const base = before.base + gone - (end === "before" ? page.rows.length : 0);
          if (!andGo) return { windows: left, base };
          const row = end === "after" ? rowsIn(left.slice(0, -1)) : 0;
          return { windows: left, base, goTo: { row, turn } };
        };
      });
    },
    [read],
  );

  const refresh = useCallback(() => {
    const { windows } = now.current;
    const [first] = windows;
    const mark = first?.page.before;
    const at: At = mark === null || mark === undefined ? { to: "first" } : { to: "from", mark };
    const size = Math.min(1_000, Math.max(100, rowsIn(windows)));
    read("refresh", at, (page) => (before) => ({ windows: [windowOf(page, before.windows)] }), size);
  }, [read]);

  const show = useCallback((row: number) => {
    const goTo = { row, turn: {} };
    setState((before) => ({ ...before, goTo }));
  }, []);

  const cancel = useCallback(() => {
    request.current?.abort();
    setState((before) => ({ ...before, phase: undefined }));
  }, []);

  useEffect(() => () => request.current?.abort(), []);

  return useMemo(
    () => ({ ...state, load, more, refresh, show, cancel }),
    [cancel, load, more, refresh, show, state],
  );
}

export function rowsIn(windows: readonly PageWindow[]): number {
  return windows.reduce((sum, { rows }) => sum + rows.length, 0);
}

function windowOf(page: TablePage, before?: readonly PageWindow[]): PageWindow {
  const cutOf = new Map<number, Map<number, number>>();
  for (const { row, column, length } of page.cut) {
    cutOf.set(row, (cutOf.get(row) ?? new Map<number, number>()).set(column, length));
  }
  const fresh = page.rows.map((values, index) => ({
    values,
    identity: page.identities[index],
    mark: undefined,
    cut: cutOf.get(index),
  }));
  const shown = before === undefined ? fresh : markedRows(before.flatMap(heldRows), fresh);
  return {
    page,
    rows: shown.map(({ values }) => values),
    identities: shown.map(({ identity }) => identity),
    marks: shown.map(({ mark }) => mark),
    cut: shown.map(({ cut }) => cut),
  };
}

function heldRows({ rows, identities, marks, cut }: PageWindow) {
  return rows.map((values, index) => ({
    values,
    identity: identities[index],
    mark: marks[index],
    cut: cut[index],
  }));
}
