import { useState } from "react";

export interface Search {
  /** Counts the searches, so that each is a new one; 0 while none is shown. */
  readonly count: number;
  readonly begin: () => void;
  readonly close: () => void;
}

/** Whether a search for the strongest settings is shown, and which. */
export function useSearch(): Search {
  const [count, setCount] = useState(0);
  return { count, begin: () => setCount((before) => before + 1), close: () => setCount(0) };
}
