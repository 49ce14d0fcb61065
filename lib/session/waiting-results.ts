import "server-only";
import { processWide } from "#lib/process-wide.ts";

/** Lets a result that has come to its limit go on, by so many rows. @returns false where it has ended meanwhile */
export type More = (rows: number) => boolean;

/**
 * Notes that a result waits at its limit, so that another request can let it go on; undefined once it does not.
 * @param userId whose it is: for nobody else it goes on
 */
export function noteWaiting(userId: string, runId: string, more: More | undefined): void {
  const key = `${userId}\n${runId}`;
  if (more === undefined) register().delete(key);
  else register().set(key, more);
}

/** Lets a result of this user go on, by so many rows. @returns false where none waits under that id */
export function moreRows(userId: string, runId: string, rows: number): boolean {
  return register().get(`${userId}\n${runId}`)?.(rows) ?? false;
}

function register(): Map<string, More> {
  return processWide("waiting-results", () => new Map<string, More>());
}
