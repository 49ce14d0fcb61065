import type { PageKey } from "./palette-entry.ts";

/** The keys that hold on a page of the console; what each does is `palette.pageKeys`. */
export const writtenKeys: Readonly<Record<PageKey, string>> = {
  palette: "Ctrl+K",
  keys: "?",
  search: "/",
  toasts: "F6",
  paste: "Ctrl+V",
  test: "Enter",
};
