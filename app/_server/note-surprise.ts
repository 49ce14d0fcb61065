import "server-only";
import { log } from "./log.ts";

/**
 * Writes what nobody foresaw to the log.
 * @param what happened, as the log says it
 * @returns the reference by which the line can be found, for the person who met it
 */
export function noteSurprise(error: unknown, what: string): string {
  const reference = crypto.randomUUID().slice(0, 8);
  log().error({ err: error, reference }, what);
  return reference;
}
