import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { processWide } from "#lib/process-wide.ts";
import { WriteUnlocks } from "#lib/team/write-unlocks.ts";
import { changedMeanwhile, liveClients } from "./live-clients.ts";
import { UnsavedConnections } from "./unsaved-connections.ts";

/** The unsaved connections of this process; what is open on one ends with it. */
export function unsavedConnections(): UnsavedConnections {
  return processWide("unsaved-connections", () => new UnsavedConnections(closeClientsAndLock));
}

/** Where writing on Production is unlocked in this process. */
export function writeUnlocks(): WriteUnlocks {
  return processWide("write-unlocks", () => new WriteUnlocks());
}

/** Closes every client of a connection. */
export function closeClientsOf(profileId: string): void {
  liveClients().close({ profileId }, changedMeanwhile());
}

function closeClientsAndLock(profileId: string): void {
  closeClientsOf(profileId);
  writeUnlocks().endWhere(({ connectionId }) => connectionId === profileId);
}

/**
 * Closes every client of a saved connection, locks it for writing, and ends what was made of it and is not saved. To be called after it was
 * edited or removed: what it holds no longer is for anybody to use.
 */
export function closeAllOf(profileId: string): void {
  closeClientsAndLock(profileId);
  unsavedConnections().endOf(profileId);
}

/**
 * Closes every client of a user. To be called when a user is disabled or removed, or all their sessions end.
 * @param exceptSession the session that goes on, where one does
 */
export function closeClientsOfUser(userId: string, exceptSession?: string): void {
  liveClients().close({ userId }, problem("not-signed-in"), exceptSession);
  unsavedConnections().endOfUser(userId, exceptSession);
  writeUnlocks().endWhere((unlock) => unlock.userId === userId && unlock.sessionId !== exceptSession);
}

/** Closes every client that was opened in a session. To be called when the session ends. */
export function closeClientsOfSession(sessionId: string): void {
  liveClients().close({ sessionId }, problem("not-signed-in"));
  unsavedConnections().endOfSession(sessionId);
  writeUnlocks().endWhere((unlock) => unlock.sessionId === sessionId);
}
