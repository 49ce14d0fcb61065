import "server-only";
import { defaultTimeoutMs, readOnlyTimeoutMs } from "#lib/session/run-statement.ts";
import { type Actor, can } from "#lib/team/access.ts";

/**
 * How long a statement may take, ms; 0 for as long as it likes. Under the read-only switch the console's own limit holds
 * for everybody but an owner who asks for more: what a statement locks, others wait for.
 */
export function runTimeLimit(
  actor: Pick<Actor, "role">,
  { readOnly, timeoutMs }: { readonly readOnly: boolean; readonly timeoutMs?: number | undefined },
): number {
  if (!readOnly) return timeoutMs ?? defaultTimeoutMs;
  const asked = timeoutMs ?? readOnlyTimeoutMs;
  if (can(actor, "read-only:longer")) return asked;
  return asked === 0 ? readOnlyTimeoutMs : Math.min(asked, readOnlyTimeoutMs);
}
