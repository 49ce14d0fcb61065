"use client";

import { useRef, useState } from "react";
import { useFormContext } from "react-hook-form";
import type { MaterialBox } from "#lib/certificates/material-boxes.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { Encoded } from "./ask-to-sort.ts";
import { useFormSetting } from "./form-setting.tsx";
import type { Given } from "./sort-given.ts";
import type { SortState } from "./sort-state.ts";

export interface Sorting {
  readonly state: SortState;
  /** Sends files, or a text that was pasted, to be sorted, and fills the boxes. */
  readonly give: (given: readonly File[] | string) => Promise<void>;
  /** The same once more with a password. */
  readonly unlock: (password: string) => Promise<void>;
  readonly forget: () => void;
}

/**
 * Sorts files of any kind into the boxes of the form.
 * @param into the box they are given in; a box of which nothing was meant is emptied of what was pasted
 */
export function useSorting(into?: MaterialBox): Sorting {
  const [state, setState] = useState<SortState>({ kind: "idle" });
  const waiting = useRef<readonly Encoded[]>([]);
  const newest = useRef(0);
  const form = useFormContext<FormValues>();
  const setting = useFormSetting();

  async function sort(given: Given, password?: string): Promise<void> {
    newest.current += 1;
    const turn = newest.current;
    setState({ kind: "sorting" });
    const sorted = await loadSorter()
      .then(({ sortGiven }) => sortGiven(given, into, password))
      .catch(() => undefined);
    if (turn !== newest.current) return;
    waiting.current = sorted?.waiting ?? [];
    sorted?.fill(form, setting);
    setState(sorted?.state ?? { kind: "unread" });
  }

  return {
    state,
    give: (given) => sort(given),
    unlock: (password) => sort(waiting.current, password),
    forget: () => {
      newest.current += 1;
      waiting.current = [];
      setState({ kind: "idle" });
    },
  };
}

/** Loaded when something is given. */
function loadSorter() {
  return import("./sort-given.ts");
}
