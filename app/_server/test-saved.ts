import "server-only";
import { testConnection } from "#lib/connect/connect.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { Actor } from "#lib/team/access.ts";
import type { AuditEvent } from "#lib/team/audit.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { attempts, isLoopbackTarget } from "./attempts.ts";
import { auditSubject, auditTarget } from "./audit-subject.ts";
import { connectionFor } from "./connection-for.ts";
import { dialOf } from "./dial-of.ts";
import { noteAttempt } from "./note-attempt.ts";
import { refuseUntold } from "./untold-moves.ts";
import { workspace } from "./workspace.ts";

/**
 * Tests a saved connection as it is saved, as the form's button would: noted in the audit log before it is dialled, and
 * for the list when it has ended. It counts as an opening does: a server that takes it gives the try back, so that a
 * person may test any number that work, and one that fails again and again has to be waited for. Therefore the log has
 * the same test once a minute, with how often it was.
 * @param attemptId chosen by the browser, so that it can cancel
 * @returns how it went; `not-found`, `connection-moved`, `too-many-attempts` with `retryAfter`, or the vault's problem
 *   where it did not begin
 */
export async function testSaved(actor: Actor, id: string, attemptId: string): Promise<Result<AttemptReport>> {
  const found = await connectionFor(actor, id, "data:read");
  if (!found.ok) return found;
  if (found.value.unsaved !== undefined) return failed(problem("not-found"));
  const opened = await workspace();
  if (!opened.ok) return opened;
  const told = await refuseUntold(opened.value, actor, found.value);
  if (!told.ok) return told;
  const { profile } = found.value;
  const target = auditTarget(profile);
  const isLoopback = isLoopbackTarget(profile.networkAddress ?? profile.host);
  const begun = attempts().open(actor.id, target, isLoopback);
  if (!begun.ok) return begun;
  const signal = attempts().watch(actor.id, attemptId);
  try {
    const { audit } = opened.value;
    const subject = await auditSubject(actor);
    const event: AuditEvent = { action: "connection-test", object: profile.id, target };
    const noted = await audit.noteBurst(subject, event);
    if (!noted.ok) return noted;
    const report = await testConnection(profile, {
      ...dialOf(opened.value),
      onEvent: () => undefined,
      signal,
    });
    if (report.problem === null) begun.value.succeeded();
    noteAttempt(profile.id, report, actor.id);
    if (report.problem !== null) {
      const ended = await audit.noteBurst(subject, event, report.problem.code);
      if (!ended.ok) return ended;
    }
    return ok(report);
  } finally {
    attempts().end(actor.id, attemptId);
  }
}
