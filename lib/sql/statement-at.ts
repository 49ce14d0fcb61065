import type { Span } from "./split-statements.ts";

/**
 * The statement that a caret stands in. Between two it is the one before it, as whoever has just typed a statement and a
 * line break means that one; before the first it is the first.
 * @param spans as they stand in the text
 */
export function statementAt(spans: readonly Span[], caret: number): Span | undefined {
  let [low, high] = [0, spans.length];
  // The first that begins after the caret.
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.from ?? 0) <= caret) low = middle + 1;
    else high = middle;
  }
  return spans[Math.max(0, low - 1)];
}
