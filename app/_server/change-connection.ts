import "server-only";
import { changeAnswers } from "#lib/change/change-answers.ts";
import { changeTarget } from "#lib/change/change-target.ts";
import { runChanges } from "#lib/change/run-changes.ts";
import type { ChangeAnswer, ChangeSet } from "#lib/change/shapes.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, type Result } from "#lib/problems/result.ts";
import type { Actor } from "#lib/team/access.ts";
import type { AuditEvent } from "#lib/team/audit.ts";
import { type AcquiredClient, acquireClient } from "./acquire-client.ts";
import { auditSubject, auditTarget } from "./audit-subject.ts";
import { canceller } from "./canceller.ts";
import { connectionFor } from "./connection-for.ts";
import { findConnection } from "./find-connection.ts";
import { log } from "./log.ts";
import { mayWrite } from "./may-write.ts";
import { catalogueTrouble, noStore, refusal } from "./read-connection.ts";
import { reopener } from "./reopener.ts";
import { workspace } from "./workspace.ts";

/**
 * Tries or applies a set of changes for the one who calls, noted in the audit log before it is done: which table and how
 * many rows, never a value. Where it changed nothing, a second line says so.
 */
export async function changeConnection(
  actor: Actor,
  profileId: string,
  request: Request,
  set: ChangeSet,
  mode: "try" | "apply",
): Promise<Response> {
  // An answer that is kept holds rows: it is for who may still read them.
  const found = await connectionFor(actor, profileId, "data:read");
  if (!found.ok) return refusal(found.problem);
  let trouble: Response | undefined;
  const change = async () => {
    const answer = await changed(actor, profileId, request.signal, set, mode);
    if (!(answer instanceof Response)) return answer;
    trouble = answer;
    return failed(problem("unexpected"));
  };
  const owner = `${actor.id}:${actor.sessionId}:${profileId}`;
  const answer = await (mode === "apply" ? changeAnswers().once(owner, set, change) : change());
  if (trouble !== undefined) return trouble;
  return answer.ok ? Response.json(answer.value, { headers: noStore }) : refusal(answer.problem);
}

/** Why who calls may not write on a connection, now or at all; null where they may. */
export async function whyNotWrite(
  actor: Actor,
  profileId: string,
): Promise<"read-access" | "production-locked" | null> {
  const opened = await workspace();
  const found = opened.ok ? await findConnection(opened.value, actor, profileId) : opened;
  if (!found.ok || found.value === undefined) return "read-access";
  const may = mayWrite(actor, found.value);
  if (may.ok) return null;
  return may.problem.facts.reason === "production-locked" ? "production-locked" : "read-access";
}

async function changed(
  actor: Actor,
  profileId: string,
  signal: AbortSignal,
  set: ChangeSet,
  mode: "try" | "apply",
): Promise<Result<ChangeAnswer> | Response> {
  const opened = await workspace();
  if (!opened.ok) return opened;
  const { audit } = opened.value;
  const subject = await auditSubject(actor);
  const asked = { profileId, mode: "read-write", kind: "change", rev: set.rev, subject } as const;
  const acquired = await acquireClient(actor, { ...asked, signal });
  if (!acquired.ok) return failed(acquired.problem.problem);
  const { profile, session } = acquired.value;
  const event = eventOf(acquired.value, set, mode);
  try {
    const target = await changeTarget(session.connection, set);
    if (!target.ok || target.value === null) {
      session.release();
      return target.ok ? failed(problem("not-found")) : catalogueTrouble(target.trouble);
    }
    const noted = await (mode === "try" ? audit.noteBurst(subject, event) : audit.note(subject, event));
    if (!noted.ok) {
      session.release();
      return noted;
    }
    // What is changed, and to what, stands in no log.
    log().info({ actor: actor.id, connection: profile.id, changes: set.changes.length, mode }, "changes");
    const answer = await runChanges(session, target.value, set, mode, {
      signal,
      cancel: canceller(acquired.value),
      reopen: reopener(actor, profileId, subject),
    });
    const came = answer.ok ? answer.value.outcome : answer.problem.code;
    if (mode === "try" || came === "applied") return answer;
    const told = await audit.note(subject, event, came);
    // What became of it is for the person to know in any case.
    if (!told.ok) log().error({ problem: told.problem.code }, "how changes ended was not noted");
    return answer;
  } catch {
    session.discard();
    return failed(problem("net-closed"));
  }
}

function eventOf(
  { profile }: Pick<AcquiredClient, "profile">,
  { schema, table, changes }: ChangeSet,
  mode: "try" | "apply",
): AuditEvent {
  const counts = (["delete", "update", "insert"] as const).flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`${kind} ${count}`];
  });
  return {
    action: mode === "try" ? "rows-try" : "rows-change",
    object: profile.id,
    target: auditTarget(profile),
    changes: [
      { field: "table", from: "", to: `${schema}.${table}` },
      { field: "rows", from: "", to: counts.join(", ") },
    ],
  };
}
