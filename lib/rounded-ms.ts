/** Milliseconds with two digits behind the point: finer than any clock here is sure of, and short in JSON. */
export function roundedMs(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** As people read it, everywhere: with one digit behind the point below ten, with none above. */
export function readableMs(ms: number): string {
  return ms < 9.95 ? ms.toFixed(1) : String(Math.round(ms));
}
