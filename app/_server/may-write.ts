import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import { type Actor, can } from "#lib/team/access.ts";

/**
 * Whether this person may write on this connection now. It decides for every way to a server: what a request asks for can
 * be less than this, never more.
 * @returns `not-allowed`, whose `reason` says why
 */
export function mayWrite(actor: Actor, connection: FoundConnection): Result<void> {
  return can(actor, "data:write", connection)
    ? ok(undefined)
    : failed(problem("not-allowed", { act: "data:write", reason: "read-access" }));
}
