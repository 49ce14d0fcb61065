import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { changedMeanwhile, liveClients } from "#lib/session/live-clients.ts";
import type { ClientMode, PooledSession, Refusal, TabAsk } from "#lib/session/pooled-session.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import type { Actor } from "#lib/team/access.ts";
import type { AuditEvent, AuditSubject } from "#lib/team/audit.ts";
import type { AttemptEvent } from "#lib/wire/report.ts";
import type { Workspace } from "#lib/workspace.ts";
import { attempts, isLoopbackTarget, type Opening } from "./attempts.ts";
import { auditSubject, auditTarget } from "./audit-subject.ts";
import { type Dial, dialOf } from "./dial-of.ts";
import { findConnection } from "./find-connection.ts";
import { mayWrite } from "./may-write.ts";
import { noteHow } from "./note-attempt.ts";
import { refuseUntold } from "./untold-moves.ts";
import { watchStore } from "./watch-store.ts";
import { workspace } from "./workspace.ts";

/** A live client of a connection, for the one who calls. */
export interface AcquiredClient {
  readonly profile: ConnectionProfile;
  readonly session: PooledSession;
  /** How the client was dialled: a CancelRequest goes the same way. */
  readonly dial: Dial;
}

interface Ask {
  readonly profileId: string;
  /** The revision that the page shows: a statement never goes where a later edit points to. Left out, any will do. */
  readonly rev?: number;
  readonly mode: ClientMode;
  /** The SQL tab whose session it is to be. Left out, it is one for panes, read-only whatever the mode. */
  readonly tab?: TabAsk;
  /** One of its own: for change sets, for writing; or for one task, and closed after it. */
  readonly kind?: "change" | "task";
  /** Asks only what the server is, in words of the console's own. */
  readonly onlyLooks?: true;
  readonly signal?: AbortSignal;
  /** Whoever asks, for what goes on after the request's own work has ended: by then nobody can tell. */
  readonly subject?: AuditSubject;
  readonly onEvent?: (event: AttemptEvent) => void;
}

/**
 * Acquires a live client of a connection, or opens one, and notes for the list how that went. Where the connection is
 * edited while it is opened, and any revision will do, the new one is opened instead.
 * @returns the vault's problem, `not-found`, `vault-changed-meanwhile`, what kept the connection from being opened,
 *   `too-many-attempts`, `session-places`, or what keeps the tab from its session: `session-gone`, `session-elsewhere`
 */
export async function acquireClient(actor: Actor, ask: Ask): Promise<Result<AcquiredClient, Refusal>> {
  for (let round = 1; ; round += 1) {
    const acquired = await acquireOnce(actor, ask);
    const wasEdited = !acquired.ok && acquired.problem.problem.code === "vault-changed-meanwhile";
    if (!wasEdited || ask.rev !== undefined || round === mostRounds) return acquired;
  }
}

const browsing = { kind: "browse", mode: "read-only" } as const;

/** Who saves again and again while somebody connects is a programme. */
const mostRounds = 3;

async function acquireOnce(actor: Actor, ask: Ask): Promise<Result<AcquiredClient, Refusal>> {
  const opened = await workspace();
  if (!opened.ok) return failed({ problem: opened.problem, report: null });
  const { audit } = opened.value;
  const found = await findFor(opened.value, actor, ask);
  if (!found.ok) return failed({ problem: found.problem, report: null });
  const { profile } = found.value;
  if (ask.rev !== undefined && ask.rev !== profile.rev)
    return failed({ problem: changedMeanwhile(), report: null });
  const dial = dialOf(opened.value);
  const { kind, mode, tab, onlyLooks, signal, onEvent } = ask;
  const subject = ask.subject ?? (await auditSubject(actor));
  const target = auditTarget(profile);
  const event = openingOf(found.value, target);
  let opening: Opening | undefined;
  watchStore(opened.value);
  const session = await liveClients().acquire({
    userId: actor.id,
    sessionId: actor.sessionId,
    profile,
    ...(kind !== undefined ? { kind, mode } : tab === undefined ? browsing : { kind: "tab", mode, tab }),
    dial,
    beforeOpen: async () => {
      // It has its place by now: whoever takes the right away from here on ends it.
      const still = await findFor(opened.value, actor, ask);
      if (!still.ok) return still;
      const begun = attempts().open(
        actor.id,
        target,
        isLoopbackTarget(profile.networkAddress ?? profile.host),
      );
      if (!begun.ok) return begun;
      opening = begun.value;
      return audit.noteBurst(subject, event);
    },
    ...(onlyLooks === undefined ? {} : { onlyLooks }),
    ...(signal === undefined ? {} : { signal }),
    ...(onEvent === undefined ? {} : { onEvent }),
  });
  const report = session.ok ? session.value.opened : session.problem.report;
  if (report !== null) noteHow(found.value, report, actor.id);
  if (report?.problem) {
    const noted = await audit.noteBurst(subject, event, report.problem.code);
    if (!noted.ok) return failed({ problem: noted.problem, report: null });
  }
  if (session.ok) opening?.succeeded();
  return session.ok ? ok({ profile, session: session.value, dial }) : session;
}

/** The connection, in the mode that is asked for. @returns `not-found`, `not-allowed`, `connection-moved`, or the vault's problem */
async function findFor(
  opened: Workspace,
  actor: Actor,
  { profileId, mode }: Ask,
): Promise<Result<FoundConnection>> {
  const found = await findConnection(opened, actor, profileId);
  if (!found.ok) return found;
  if (found.value === undefined) return failed(problem("not-found"));
  const allowed = mode === "read-write" ? mayWrite(actor, found.value) : ok(undefined);
  if (!allowed.ok) return allowed;
  const told = await refuseUntold(opened, actor, found.value);
  return told.ok ? ok(found.value) : told;
}

/**
 * As the audit log tells of it. What is not saved is told by its target alone: no list will ever know its id, and a name
 * that whoever connects makes up each time would be a line each time.
 */
function openingOf({ profile, unsaved }: FoundConnection, target: string): AuditEvent {
  return unsaved === undefined
    ? { action: "connection-open", object: profile.id, target }
    : { action: "connection-open-unsaved", object: unsaved.of?.id, target };
}
