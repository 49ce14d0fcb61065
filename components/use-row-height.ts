import { useSyncExternalStore } from "react";

/** The height of a row that makes only what is in sight, as dense as the person wants it (`data-density`), px. */
export function useRowHeight(): number {
  return useSyncExternalStore(
    never,
    () => (document.documentElement.dataset.density === "compact" ? compact : comfortable),
    () => comfortable,
  );
}

const comfortable = 28;
/** No lower: a row is pressed (WCAG 2.2, 2.5.8: 24 px). */
const compact = 24;

/** Another density comes with another page. */
const never = () => () => undefined;
