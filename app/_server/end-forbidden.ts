import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { ok, type Result } from "#lib/problems/result.ts";
import { writeUnlocks } from "#lib/session/close-clients.ts";
import { liveClients } from "#lib/session/live-clients.ts";
import { type Actor, can } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";
import { findConnection } from "./find-connection.ts";
import { mayWrite } from "./may-write.ts";

/**
 * Ends what goes on and is no longer allowed: unlocked writing and live clients of who has lost their access, write
 * sessions of who may not write any more. To be called whenever who may do what has changed.
 */
export async function endForbidden(opened: Workspace): Promise<Result<void>> {
  const people = await opened.users.list();
  if (!people.ok) return people;
  const known = new Map(people.value.map((user) => [user.id, user]));
  const actorOf = ({ userId, sessionId }: { readonly userId: string; readonly sessionId: string }): Actor => {
    const { name = "", role = "member" } = known.get(userId) ?? {};
    return { id: userId, sessionId, name, role };
  };

  for (const unlock of writeUnlocks().all()) {
    const found = await findConnection(opened, actorOf(unlock), unlock.connectionId);
    if (!found.ok) return found;
    const allowed = found.value !== undefined && can(actorOf(unlock), "data:write", found.value);
    if (!allowed) writeUnlocks().end(unlock);
  }
  for (const { mode, editedAt: _, ...owner } of liveClients().owners()) {
    const actor = actorOf(owner);
    const found = await findConnection(opened, actor, owner.profileId);
    if (!found.ok) return found;
    if (found.value === undefined) {
      liveClients().close(owner, problem("not-allowed", { reason: "access" }));
      continue;
    }
    const allowed = mode === "read-write" ? mayWrite(actor, found.value) : ok(undefined);
    if (allowed.ok) continue;
    const isLocked = allowed.problem.facts.reason === "production-locked";
    const reason = problem("not-allowed", { reason: isLocked ? "locked-again" : "read-access" });
    liveClients().close({ ...owner, mode: "read-write" }, reason);
  }
  return ok(undefined);
}
