import type { KeyboardEvent } from "react";
import { threeStates } from "./cell-editor.tsx";

/** What a key does on a cell whose table is edited. */
export type KeyAct = "null" | "default" | "add" | "copy" | "edit" | "open" | "undo" | "delete" | "choose";

/** @returns undefined for a key that means what it means in every grid */
export function keyAct(event: KeyboardEvent): KeyAct | undefined {
  const { key, altKey, shiftKey } = event;
  const far = event.ctrlKey || event.metaKey;
  const state = threeStates(event);
  if (state !== undefined) return state === null ? "null" : "default";
  if (far && altKey && key === "Insert") return shiftKey ? "copy" : "add";
  if (far || altKey) return undefined;
  if (key === "Enter") return shiftKey ? undefined : "open";
  return plainKeys[key];
}

const plainKeys: Readonly<Record<string, KeyAct>> = {
  F2: "edit",
  Escape: "undo",
  Delete: "delete",
  " ": "choose",
};
