/** Asks whoever has unsaved entries, and goes on when that person wants it. */
type Ask = (goOn: () => void) => void;

let guard: Ask | undefined;

/**
 * Leaves this page, or asks first where something would be lost.
 * @param goOn what leaves
 */
export function leave(goOn: () => void): void {
  if (guard === undefined) goOn();
  else guard(goOn);
}

/** Puts a question before every leave. @returns what takes it away again */
export function guardLeaving(ask: Ask): () => void {
  guard = ask;
  return () => {
    if (guard === ask) guard = undefined;
  };
}
