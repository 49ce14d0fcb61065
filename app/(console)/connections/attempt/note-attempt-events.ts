import "server-only";
import { log } from "#app/_server/log.ts";
import { ok, type Result } from "#lib/problems/result.ts";
import type { AuditEvent, AuditSubject } from "#lib/team/audit.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import type { Workspace } from "#lib/workspace.ts";

type AuditLog = Workspace["audit"];

/** What is about to be done, before it is: none is begun that the log could not take. */
export async function noteAll(
  audit: AuditLog,
  subject: AuditSubject,
  events: readonly AuditEvent[],
): Promise<Result<void>> {
  for (const event of events) {
    const noted = await audit.note(subject, event);
    if (!noted.ok) return noted;
  }
  return ok(undefined);
}

/** A second line for what came to nothing. The first one stands already, so nobody waits for it. */
export function noteEnd(
  audit: AuditLog,
  subject: AuditSubject,
  event: AuditEvent,
  report: AttemptReport | undefined,
): void {
  const code = report === undefined ? "unexpected" : report.problem?.code;
  if (code === undefined) return;
  audit.note(subject, event, code).then(
    (noted) => noted.ok || log().error({ problem: noted.problem.code }, "a test's end was not noted"),
    (error: unknown) => log().error({ err: error }, "a test's end was not noted"),
  );
}
