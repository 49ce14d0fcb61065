import "server-only";
import type { Leader } from "#lib/profiles/may-lead.ts";
import { type Actor, can } from "#lib/team/access.ts";
import type { Sessions } from "#lib/team/sessions.ts";

/** Whoever is behind this request, as the rule about leading stored secrets on asks for them. */
export async function leaderOf(actor: Actor, sessions: Sessions): Promise<Leader> {
  const own = await sessions.list(actor.id);
  const session = own.find(({ id }) => id === actor.sessionId);
  return {
    userId: actor.id,
    mayUseHost: can(actor, "host-credentials:use"),
    confirmedAt: session?.confirmedAt,
  };
}
