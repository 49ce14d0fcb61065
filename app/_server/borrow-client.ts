import "server-only";
import type { ConnectOptions } from "#lib/postgres/connect.ts";
import { type ClientMode, type Loan, liveClients, type Refusal } from "#lib/postgres/live-clients.ts";
import { networkPolicy } from "#lib/postgres/network-policy.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import type { Actor } from "#lib/team/access.ts";
import { auditSubject, auditTarget } from "./audit-subject.ts";
import { noteAttempt } from "./note-attempt.ts";
import { workspace } from "./workspace.ts";

/** A live client of a saved connection, for the one who calls. */
export interface Borrowed {
  readonly profile: ConnectionProfile;
  readonly loan: Loan;
  /** How the client was dialled: a CancelRequest goes the same way. */
  readonly dial: Dial;
}

type Dial = Pick<ConnectOptions, "network" | "trustStore">;

interface Ask {
  readonly profileId: string;
  readonly mode: ClientMode;
  readonly viewId?: string;
  readonly signal?: AbortSignal;
}

/**
 * Lends a live client of a saved connection, or opens one, and notes for the list how that went.
 * @returns the vault's problem, `not-found`, what kept the connection from being opened, or `too-many-attempts`
 */
export async function borrowClient(actor: Actor, ask: Ask): Promise<Result<Borrowed, Refusal>> {
  const opened = await workspace();
  if (!opened.ok) return failed({ problem: opened.problem, report: null });
  const { audit, env, profiles, trustStores } = opened.value;
  const found = await profiles.open(ask.profileId);
  if (!found.ok) return failed({ problem: found.problem, report: null });
  const profile = found.value;
  if (profile === undefined) return failed({ problem: problem("not-found"), report: null });
  const network = networkPolicy({
    ...(env.publicUrl === undefined ? {} : { publicUrl: env.publicUrl }),
    ...(env.allowLoopback === undefined ? {} : { allowLoopback: env.allowLoopback }),
  });
  const dial = { network, trustStore: trustStores };
  const { mode, viewId, signal } = ask;
  const subject = await auditSubject(actor);
  const event = { action: "connection-open", object: profile.id, target: auditTarget(profile) } as const;
  const loan = await liveClients().borrow({
    userId: actor.id,
    sessionId: actor.sessionId,
    profile,
    mode,
    dial,
    beforeOpen: () => audit.note(subject, event),
    ...(viewId === undefined ? {} : { viewId }),
    ...(signal === undefined ? {} : { signal }),
  });
  const report = loan.ok ? loan.value.opened : loan.problem.report;
  if (report !== null) noteAttempt(profile.id, report);
  if (report?.problem) {
    const noted = await audit.note(subject, event, report.problem.code);
    if (!noted.ok) return failed({ problem: noted.problem, report: null });
  }
  return loan.ok ? ok({ profile, loan: loan.value, dial }) : loan;
}
