import "server-only";
import { cancelBackend } from "#lib/connect/cancel-backend.ts";
import type { AcquiredClient } from "./acquire-client.ts";

/** Sends a CancelRequest for an acquired client, the way it was dialled. What it gives rejects where it was not sent. */
export function canceller({ profile, session, dial }: AcquiredClient): () => Promise<void> {
  return async () => {
    const sent = await cancelBackend(profile, session.connection, dial);
    if (!sent.ok) throw new Error(`the cancellation was not sent: ${sent.problem.code}`);
  };
}
