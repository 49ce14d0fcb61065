"use client";

import { useRef, useState } from "react";
import { useFormContext } from "react-hook-form";
import { type MaterialBox, materialBoxes } from "#lib/certificates/material-boxes.ts";
import { mostGivenBytes, mostGivenFiles, type SortAnswer } from "#lib/certificates/sorted-facts.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { Encoded } from "./ask-to-sort.ts";
import { useFormSetting } from "./form-setting.tsx";

/** How far the sorting of what was given has come. */
export type SortState =
  | { readonly kind: "idle" | "sorting" | "unread" | "too-large" }
  | { readonly kind: "sorted"; readonly answer: Extract<SortAnswer, { type: "sorted" }> }
  | { readonly kind: "refused"; readonly problem: Problem }
  /** A PKCS#12 file waits for its password. */
  | { readonly kind: "locked"; readonly problem: Problem };

export interface Sorting {
  readonly state: SortState;
  /** Sends files, or a text that was pasted, to be sorted, and fills the boxes. */
  readonly give: (given: readonly File[] | string) => Promise<void>;
  /** The same once more with a password. */
  readonly unlock: (password: string) => Promise<void>;
  readonly forget: () => void;
}

/** Loaded when something is given. */
function loadAsk() {
  return import("./ask-to-sort.ts");
}

/**
 * Sorts files of any kind into the boxes of the form.
 * @param into the box they are given in; a box of which nothing was meant is emptied of what was pasted
 */
export function useSorting(into?: MaterialBox): Sorting {
  const [state, setState] = useState<SortState>({ kind: "idle" });
  const waiting = useRef<readonly Encoded[]>([]);
  const newest = useRef(0);
  const fill = useFill();

  async function send(files: readonly Encoded[], password?: string, pasted?: string): Promise<void> {
    newest.current += 1;
    const turn = newest.current;
    setState({ kind: "sorting" });
    const { askToSort } = await loadAsk();
    const answer = await askToSort({
      files,
      ...(password !== undefined && { password }),
      ...(into && { into }),
    });
    if (turn !== newest.current) return;
    const locked = answer?.type === "refused" && answer.problem.code === "pkcs12-password-wrong";
    waiting.current = locked ? files : [];
    if (answer?.type === "sorted") fill(answer.boxes, into, pasted);
    setState(stateOf(answer, locked));
  }

  return {
    state,
    give: async (given) => {
      if (typeof given === "string") {
        const bytes = new TextEncoder().encode(given);
        if (bytes.length > mostGivenBytes) setState({ kind: "too-large" });
        else await send([{ name: "", base64: (await loadAsk()).base64Of(bytes) }], undefined, given);
        return;
      }
      const size = given.reduce((sum, file) => sum + file.size, 0);
      if (size > mostGivenBytes || given.length > mostGivenFiles) setState({ kind: "too-large" });
      else {
        const { encoded } = await loadAsk();
        await send(await Promise.all(given.map(encoded)));
      }
    },
    unlock: (password) => send(waiting.current, password),
    forget: () => {
      newest.current += 1;
      waiting.current = [];
      setState({ kind: "idle" });
    },
  };
}

function stateOf(answer: SortAnswer | undefined, locked: boolean): SortState {
  if (answer === undefined) return { kind: "unread" };
  if (answer.type === "sorted") return { kind: "sorted", answer };
  return { kind: locked ? "locked" : "refused", problem: answer.problem };
}

/** Puts what was found into the boxes, all of it before the form looks at any. */
function useFill() {
  const { getValues, setValue, trigger } = useFormContext<FormValues>();
  const { stored, prompts, setPrompts } = useFormSetting();
  return (boxes: Readonly<Record<MaterialBox, string>>, into?: MaterialBox, pasted?: string) => {
    const filled = materialBoxes.filter((box) => boxes[box] !== "");
    for (const box of filled) setValue(box, boxes[box], { shouldDirty: true });
    // What was pasted went elsewhere; it has nothing to do in this box any more.
    if (
      into !== undefined &&
      pasted !== undefined &&
      boxes[into] === "" &&
      getValues(into) === pasted.replace(/\r\n?/g, "\n")
    )
      setValue(into, "", { shouldDirty: true });
    if (filled.includes("clientKey") && stored.clientKey) setValue("secretActs.clientKey", "replace");
    const answered = Object.fromEntries(filled.map((box) => [box, undefined]));
    if (filled.some((box) => prompts[box] !== undefined)) setPrompts({ ...prompts, ...answered });
    void trigger([...filled]);
  };
}
