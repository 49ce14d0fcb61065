import "server-only";
import { processWide } from "#lib/process-wide.ts";

/** A statement that is queued, connecting or running, and how to end it. */
export interface RunningStatement {
  /** Aborts when the person cancels or the browser went away. */
  readonly signal: AbortSignal;
  /** Ends it, as the person's own cancel does. */
  stop(): void;
  /** To be called when the statement has ended, whatever way. */
  done(): void;
}

/**
 * Notes a statement under the id that its page gave it, so that another request can end it.
 * @param userId whose it is: nobody else can end it
 * @param runId  made by the page, unique among its user's
 * @param gone   aborts when the browser closes the request
 * @returns undefined when this user already runs a statement of that id
 */
export function startStatement(
  userId: string,
  runId: string,
  gone: AbortSignal,
): RunningStatement | undefined {
  const { running, early } = register();
  const key = `${userId}\n${runId}`;
  if (running.has(key)) return undefined;
  const cancel = new AbortController();
  running.set(key, cancel);
  // Not `AbortSignal.any`: it costs as much as a round trip to the server.
  const onGone = () => cancel.abort();
  if (gone.aborted) onGone();
  gone.addEventListener("abort", onGone, { once: true });
  if ((early.get(key) ?? Number.NEGATIVE_INFINITY) + earlyMs > performance.now()) cancel.abort();
  early.delete(key);
  return {
    signal: cancel.signal,
    stop: () => cancel.abort(),
    done: () => {
      gone.removeEventListener("abort", onGone);
      running.delete(key);
    },
  };
}

/**
 * Ends a running statement of this user. One that has not arrived yet ends as it begins: on the way, a cancel may
 * overtake the statement that it is for.
 */
export function cancelStatement(userId: string, runId: string): void {
  const { running, early } = register();
  const key = `${userId}\n${runId}`;
  const cancel = running.get(key);
  if (cancel !== undefined) {
    cancel.abort();
    return;
  }
  for (const [old, at] of early) if (at + earlyMs < performance.now()) early.delete(old);
  if (early.size < 1000) early.set(key, performance.now());
}

/** How long a cancel waits for its statement, ms. */
const earlyMs = 30_000;

interface Register {
  readonly running: Map<string, AbortController>;
  /** Cancels that came first, and when. */
  readonly early: Map<string, number>;
}

/** One register a process. */
function register(): Register {
  return processWide("running-statements", () => ({ running: new Map(), early: new Map() }));
}
