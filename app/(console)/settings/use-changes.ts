import { useState } from "react";

export interface Changes<T> {
  readonly values: T;
  /** How many of them are not what is kept. */
  readonly count: number;
  readonly change: (part: Partial<T>) => void;
  readonly discard: () => void;
  /** What is shown is kept now. */
  readonly keep: () => void;
}

/** The values of a small form beside what is kept of them. */
export function useChanges<T extends object>(kept: T): Changes<T> {
  const [base, setBase] = useState(kept);
  const [values, setValues] = useState(kept);
  const names = Object.keys(values) as (keyof T)[];
  return {
    values,
    count: names.filter((name) => values[name] !== base[name]).length,
    change: (part) => setValues((before) => ({ ...before, ...part })),
    discard: () => setValues(base),
    keep: () => setBase(values),
  };
}
