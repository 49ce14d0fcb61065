import { useSyncExternalStore } from "react";

/**
 * False in the server's HTML, true as soon as the page's script runs. A form whose script is not there yet keeps its
 * button off: the browser's own submit would send the fields somewhere else.
 */
export function useHydrated(): boolean {
  return useSyncExternalStore(never, yes, no);
}

const never = () => () => undefined;
const yes = () => true;
const no = () => false;
