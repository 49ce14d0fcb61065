import "server-only";
import type { Seen } from "#lib/saved/last-seen.ts";
import { unsavedConnections } from "#lib/session/close-clients.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { log } from "./log.ts";
import { workspace } from "./workspace.ts";

/**
 * Notes for the list of connections how an attempt went. Nobody waits for it, and it may fail in silence but for a
 * line in the log: it is a comfort.
 * @param by id of the user who tried
 */
export function noteAttempt(profileId: string, report: AttemptReport, by: string): void {
  // Who cancelled learned nothing about the server.
  if (report.problem?.code === "cancelled") return;
  write(profileId, { ...seenOf(report, new Date()), by }).catch((error: unknown) => {
    log().warn({ err: error, profileId }, "the attempt could not be noted");
  });
}

/** The list tells of what is saved alone: how another one went is remembered until it is. */
export function noteHow({ profile, unsaved }: FoundConnection, report: AttemptReport, by: string): void {
  if (unsaved === undefined) noteAttempt(profile.id, report, by);
  else if (report.problem?.code !== "cancelled") unsavedConnections().noteReport(profile.id, report);
}

/** What the list keeps of an attempt. */
export function seenOf(report: AttemptReport, at: Date): Seen {
  return {
    at: at.toISOString(),
    verified: report.tls?.verified ?? null,
    encrypted: report.tls !== null,
    protocol: report.tls?.protocol ?? null,
    notAfter: report.tls?.chain[0]?.notAfter ?? null,
    serverVersion: report.server?.version ?? null,
    problem: report.problem?.code ?? null,
  };
}

async function write(profileId: string, seen: Seen): Promise<void> {
  const opened = await workspace();
  if (!opened.ok) return;
  const noted = await opened.value.lastSeen.note(profileId, seen);
  if (!noted.ok) log().warn({ profileId, problem: noted.problem.code }, "the attempt could not be noted");
}
