import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { Move } from "#lib/saved/moves.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import type { Actor } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";

/** The moves of a connection that somebody else made, and whoever asks has not seen. */
export async function untoldMoves(
  { moves }: Pick<Workspace, "moves">,
  { id }: Pick<Actor, "id">,
  { profile, unsaved, rootId }: FoundConnection,
): Promise<readonly Move[]> {
  return moves.untold(rootId, id, unsaved?.of?.rev ?? profile.rev);
}

/**
 * Nothing is sent to where somebody else moved a connection before its user has seen that.
 * @returns `connection-moved`
 */
export async function refuseUntold(
  opened: Pick<Workspace, "moves">,
  actor: Pick<Actor, "id">,
  found: FoundConnection,
): Promise<Result<void>> {
  const untold = await untoldMoves(opened, actor, found);
  return untold.length === 0 ? ok(undefined) : failed(problem("connection-moved"));
}
