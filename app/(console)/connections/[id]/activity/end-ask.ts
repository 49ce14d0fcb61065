import type { EndAct, ServerSession } from "#lib/activity/shapes.ts";

/** What somebody wants to end, and how. */
export interface EndAsk {
  readonly act: EndAct;
  readonly session: ServerSession;
}
