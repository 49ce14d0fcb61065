import "server-only";
import { z } from "zod";
import { findConnection } from "#app/_server/find-connection.ts";
import { mayWith } from "#app/_server/guard.ts";
import { refuseUntold } from "#app/_server/untold-moves.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import type { Actor } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";

const profileId = z.string().min(1).max(100);

/**
 * The connection that a form is of.
 * @param id as the browser says it; undefined for a new connection's form
 * @returns undefined for a new one; `not-found` for what is not there, or not there for whoever asks
 */
export async function formOf(
  opened: Workspace,
  actor: Actor,
  id: unknown,
): Promise<Result<FoundConnection | undefined>> {
  if (id === undefined) return ok(undefined);
  const parsed = profileId.safeParse(id);
  if (!parsed.success) return failed(problem("not-found"));
  const found = await findConnection(opened, actor, parsed.data);
  if (!found.ok) return found;
  return found.value === undefined ? failed(problem("not-found")) : found;
}

/** Whoever tries other settings with what a connection keeps has to manage it, and to know where it goes. */
export async function mayChange(
  opened: Workspace,
  actor: Actor,
  found: FoundConnection | undefined,
): Promise<Result<void>> {
  if (found === undefined) return ok(undefined);
  const allowed = mayWith(actor, "connection:manage", found);
  return allowed.ok ? refuseUntold(opened, actor, found) : allowed;
}

/** What the audit log knows it by. */
export function savedIdOf(found: FoundConnection | undefined): string | undefined {
  return found?.unsaved === undefined ? found?.profile.id : found.unsaved.of?.id;
}
