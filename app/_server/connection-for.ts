import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, type Result } from "#lib/problems/result.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import type { Actor, ConnectionAct } from "#lib/team/access.ts";
import { findConnection } from "./find-connection.ts";
import { mayWith } from "./guard.ts";
import { workspace } from "./workspace.ts";

/** A connection, for whoever may do that with it. @returns `not-found`, `not-allowed`, or the vault's problem */
export async function connectionFor(
  actor: Actor,
  id: string,
  act: ConnectionAct,
): Promise<Result<FoundConnection>> {
  const opened = await workspace();
  if (!opened.ok) return opened;
  const found = await findConnection(opened.value, actor, id);
  if (!found.ok) return found;
  if (found.value === undefined) return failed(problem("not-found"));
  const allowed = mayWith(actor, act, found.value);
  return allowed.ok ? { ok: true, value: found.value } : allowed;
}
