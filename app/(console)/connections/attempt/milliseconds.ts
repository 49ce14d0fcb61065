/** One decimal below ten, none above. */
export function milliseconds(ms: number): string {
  return ms < 9.95 ? ms.toFixed(1) : String(Math.round(ms));
}
