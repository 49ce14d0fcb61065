import "server-only";
import type { FinishedRun } from "#lib/notebook/history.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { unsavedConnections } from "#lib/session/close-clients.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import type { RunEvent } from "#lib/session/run-events.ts";
import type { Actor } from "#lib/team/access.ts";
import { log } from "./log.ts";
import { workspace } from "./workspace.ts";

interface Run {
  readonly profile: ConnectionProfile;
  readonly session: PooledSession;
  readonly sql: string;
  readonly readOnly: boolean;
}

/**
 * The events of a run as they are; once it has ended, whichever way, it goes into the person's history, if they keep one.
 * Nobody waits for that: it begins when the last event has gone, and what goes wrong with it goes into the log alone.
 */
export async function* noteHistory(
  actor: Actor,
  run: Run,
  events: AsyncGenerator<RunEvent, void, void>,
): AsyncGenerator<RunEvent, void, void> {
  const startedAt = performance.now();
  const before = run.session.ofTab();
  let end: Extract<RunEvent, { type: "done" | "error" }> | undefined;
  let role = before?.held.role;
  try {
    for await (const event of events) {
      if (event.type === "done" || event.type === "error") end = event;
      else if (event.type === "session" && !run.readOnly) role ??= event.session.held.role;
      yield event;
    }
  } finally {
    const ms = end?.ms ?? Math.round(performance.now() - startedAt);
    const rules = { standardConformingStrings: before?.backslashes !== true };
    setImmediate(() => {
      keep(actor, finished(run, role, end, ms), rules).catch((error: unknown) =>
        log().error({ err: error }, "a run was not kept"),
      );
    });
  }
}

function finished(
  { profile, session, sql, readOnly }: Run,
  role: string | null | undefined,
  end: Extract<RunEvent, { type: "done" | "error" }> | undefined,
  ms: number,
): FinishedRun {
  const { server } = session.connection.report;
  const isDone = end?.type === "done";
  const wasStopped = end === undefined || (end.type === "error" && end.stopped !== null);
  return {
    sql,
    connectionId: profile.id,
    connection: profile.name,
    database: server?.database ?? profile.database,
    role: role ?? server?.user ?? profile.user,
    ms,
    rows: isDone ? (end.affected ?? end.rows) : null,
    sqlstate: end?.type === "error" ? (end.error?.sqlstate ?? null) : null,
    outcome: isDone ? "done" : wasStopped ? "stopped" : "failed",
    readOnly,
  };
}

async function keep(
  actor: Actor,
  run: FinishedRun,
  rules: { readonly standardConformingStrings: boolean },
): Promise<void> {
  const opened = await workspace();
  if (!opened.ok) return;
  const { history, preferences } = opened.value;
  const chosen = await preferences.of(actor.id);
  // Who cannot be asked may have said no.
  if (!chosen.ok || !chosen.value.keepHistory) return;
  // What was made of a saved connection is found with that one: the other has no name tomorrow.
  const owner = { userId: actor.id, sessionId: actor.sessionId };
  const saved = unsavedConnections().find(owner, run.connectionId)?.of?.id;
  const noted = await history.note(actor.id, { ...run, connectionId: saved ?? run.connectionId }, rules);
  if (!noted.ok) log().warn({ problem: noted.problem.code }, "a run was not kept");
}
