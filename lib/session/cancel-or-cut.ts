import "server-only";
import type { LiveConnection } from "#lib/connect/connect.ts";

/** A cancellation that is on its way. */
export interface Cancelling {
  /** Once it can hit nothing any longer. Never rejects. */
  readonly arrived: Promise<unknown>;
  /** What was to be cancelled has ended: nothing is cut for it. Waits until the cancellation has arrived. */
  ended(): Promise<void>;
}

/**
 * Cancels on the server what a session runs. Where that does not end within five seconds, or where no second channel comes
 * about for it, cutting the connection is all that is left.
 * @param cancel rejects where the cancellation could not be sent
 */
export function cancelOrCut(
  { socket }: Pick<LiveConnection, "socket">,
  cancel: () => Promise<unknown>,
): Cancelling {
  const cut = () => socket.destroy();
  const cutting = setTimeout(cut, cancelGraceMs);
  cutting.unref();
  const arrived = cancel().catch(cut);
  return {
    arrived,
    async ended() {
      clearTimeout(cutting);
      await arrived;
    },
  };
}

/** How long a cancelled statement has to end, ms. */
const cancelGraceMs = 5_000;
