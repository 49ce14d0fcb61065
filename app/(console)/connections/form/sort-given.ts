import type { UseFormReturn } from "react-hook-form";
import { type MaterialBox, materialBoxes } from "#lib/certificates/material-boxes.ts";
import { mostGivenBytes, mostGivenFiles, type SortAnswer } from "#lib/certificates/sorted-facts.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { askToSort, base64Of, type Encoded, encoded } from "./ask-to-sort.ts";
import type { FormSetting } from "./form-setting.tsx";
import type { SortState } from "./sort-state.ts";

/** What is to be sorted: a text that was pasted, files, or files that were read before. */
export type Given = readonly (File | Encoded)[] | string;

interface Sorted {
  readonly state: SortState;
  /** What a password would open. */
  readonly waiting: readonly Encoded[];
  /** Puts what was found into the boxes, all of it before the form looks at any. */
  readonly fill: (form: UseFormReturn<FormValues>, setting: FormSetting) => void;
}

/**
 * Has the console sort what was given.
 * @param into the box they are given in; a box of which nothing was meant is emptied of what was pasted
 */
export async function sortGiven(given: Given, into?: MaterialBox, password?: string): Promise<Sorted> {
  if (isTooLarge(given)) return { state: { kind: "too-large" }, waiting: [], fill: () => undefined };
  const files =
    typeof given === "string"
      ? [{ name: "", base64: base64Of(new TextEncoder().encode(given)) }]
      : await Promise.all(given.map((one) => (one instanceof File ? encoded(one) : one)));
  const answer = await askToSort({
    files,
    ...(password !== undefined && { password }),
    ...(into && { into }),
  });
  const locked = answer?.type === "refused" && answer.problem.code === "pkcs12-password-wrong";
  return {
    state: stateOf(answer, locked),
    waiting: locked ? files : [],
    fill: (form, setting) => {
      if (answer?.type !== "sorted") return;
      fillBoxes(answer.boxes, form, setting, into, typeof given === "string" ? given : undefined);
    },
  };
}

function isTooLarge(given: Given): boolean {
  if (typeof given === "string") return new TextEncoder().encode(given).length > mostGivenBytes;
  const size = given.reduce((sum, one) => sum + (one instanceof File ? one.size : 0), 0);
  return size > mostGivenBytes || given.length > mostGivenFiles;
}

function stateOf(answer: SortAnswer | undefined, locked: boolean): SortState {
  if (answer === undefined) return { kind: "unread" };
  if (answer.type === "sorted") return { kind: "sorted", answer };
  return { kind: locked ? "locked" : "refused", problem: answer.problem };
}

function fillBoxes(
  boxes: Readonly<Record<MaterialBox, string>>,
  { getValues, setValue, trigger }: UseFormReturn<FormValues>,
  { stored, prompts, setPrompts }: FormSetting,
  into: MaterialBox | undefined,
  pasted: string | undefined,
): void {
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
}
