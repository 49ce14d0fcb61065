import "server-only";
import { type Cancelling, cancelOrCut } from "./cancel-or-cut.ts";
import type { PooledSession } from "./pooled-session.ts";
import type { PortalQuery } from "./portal-query.ts";

/** What ends a statement of the console's before it has ended by itself. */
export interface InTime {
  readonly why: "cancelled" | "too-long" | undefined;
  /** Whether a cancellation was sent: it may still arrive. */
  readonly sent: boolean;
  /** The statement has ended: nothing is stopped any longer. Waits for a cancellation that is on its way. */
  ended(): Promise<void>;
}

interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** See `cancelOrCut`. */
  readonly cancel: () => Promise<unknown>;
  /** What runs at this moment. */
  readonly portal: () => PortalQuery | undefined;
}

/** Ends on the server what is not wanted any longer, or takes too long. */
export function stopInTime(session: PooledSession, { timeoutMs, signal, cancel, portal }: Limits): InTime {
  const { limits } = session.learned;
  let cancelling: Cancelling | undefined;
  const state: { why: InTime["why"]; sent: boolean } = { why: undefined, sent: false };
  const stop = (why: "cancelled" | "too-long") => {
    state.why ??= why;
    const running = portal();
    if (running?.suspended) running.abandon();
    else if (!state.sent) {
      state.sent = true;
      cancelling = cancelOrCut(session.connection, cancel);
    }
  };
  const onAbort = () => stop("cancelled");
  const knownThere = limits === undefined || limits.settings.includes("statement_timeout");
  const timer = setTimeout(() => stop("too-long"), timeoutMs + (knownThere ? limitGraceMs : 0));
  timer.unref();
  signal.addEventListener("abort", onAbort, { once: true });
  return Object.assign(state, {
    async ended() {
      signal.removeEventListener("abort", onAbort);
      clearTimeout(timer);
      await cancelling?.ended();
    },
  });
}

/** A server that knows the limit is to say it first, ms. */
const limitGraceMs = 5_000;
