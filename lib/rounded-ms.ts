/** Milliseconds with two digits behind the point: finer than any clock here is sure of, and short in JSON. */
export function roundedMs(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** With one digit, for people who read it. */
export function readableMs(ms: number): number {
  return Math.round(ms * 10) / 10;
}
