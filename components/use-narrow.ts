import { useSyncExternalStore } from "react";

/** As `max-desk` of the style sheet has it: one pane shows at a time. */
const narrow = "not ((width >= 64rem) and (height >= 34rem))";

/** Whether the screen has room for one pane alone. */
export function isNarrow(): boolean {
  return typeof matchMedia === "function" && matchMedia(narrow).matches;
}

/** The same, told again when it changes. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, isNarrow, () => false);
}

function subscribe(onChange: () => void): () => void {
  if (typeof matchMedia !== "function") return () => undefined;
  const query = matchMedia(narrow);
  query.addEventListener("change", onChange);
  return () => query.removeEventListener("change", onChange);
}
